import type { Words as CommonWords } from './en';
import type { HubWords } from './hub-en';

type Words = CommonWords & HubWords;

/** Each language in its own name. */
export const languages = { en: 'English', fr: 'Français', sw: 'Kiswahili', pt: 'Português' } as const;

export type Language = keyof typeof languages;

/** `section.key`, such as `shell.apps`. */
export type Key = { [S in keyof Words]: `${S}.${keyof Words[S] & string}` }[keyof Words];

const load: Record<Language, () => Promise<{ words: CommonWords }>> = {
  en: () => import('./en'),
  fr: () => import('./fr'),
  sw: () => import('./sw'),
  pt: () => import('./pt'),
};

const loadHub: Record<Language, () => Promise<{ words: HubWords }>> = {
  en: () => import('./hub-en'),
  fr: () => import('./hub-fr'),
  sw: () => import('./hub-sw'),
  pt: () => import('./hub-pt'),
};

const KEY = 'offshoot.language';

let words: Partial<Words> | undefined;
let chosen: Promise<void> | undefined;
let current: Language = 'en';

export function language(): Language {
  return current;
}

/** Loads one language's words: the wanted one, or the one chosen before, or the first the browser asks for that we have. */
export function chooseLanguage(wanted?: Language): Promise<void> {
  if (wanted) {
    localStorage.setItem(KEY, wanted);
  }
  const asked = [wanted, localStorage.getItem(KEY), document.documentElement.dataset.language, ...navigator.languages];
  current = (asked.map((it) => it?.slice(0, 2)).find((it) => it && it in languages) ?? 'en') as Language;
  chosen = load[current]().then((it) => {
    words = it.words;
  });
  return chosen;
}

/** Loads the words of the pages about the hub too, in the language that was chosen. */
export async function loadHubWords(): Promise<void> {
  const [hub] = await Promise.all([loadHub[current](), chosen]);
  words = { ...words, ...hub.words };
}

/** The words for a key, with `{name}` replaced. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const dot = key.indexOf('.');
  const section = words?.[key.slice(0, dot) as keyof Words] as Record<string, string> | undefined;
  const text = section?.[key.slice(dot + 1)] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The words for a code that the API chose, if we have any: `section.code`, dashes as underscores. */
export function wordsFor(section: keyof Words, code: string): string | undefined {
  return (words?.[section] as Record<string, string> | undefined)?.[code.replace(/-/g, '_')];
}
