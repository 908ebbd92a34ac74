import type { Words } from './en';

/** Each language in its own name. */
export const languages = { en: 'English', fr: 'Français', sw: 'Kiswahili', pt: 'Português' } as const;

export type Language = keyof typeof languages;

/** `section.key`, such as `shell.apps`. */
export type Key = { [S in keyof Words]: `${S}.${keyof Words[S] & string}` }[keyof Words];

const load: Record<Language, () => Promise<{ words: Words }>> = {
  en: () => import('./en'),
  fr: () => import('./fr'),
  sw: () => import('./sw'),
  pt: () => import('./pt'),
};

const KEY = 'offshoot.language';

let words: Words | undefined;
let current: Language = 'en';

export function language(): Language {
  return current;
}

/** Loads one language's words: the wanted one, or the one chosen before, or the first the browser asks for that we have. */
export async function chooseLanguage(wanted?: Language): Promise<void> {
  if (wanted) {
    localStorage.setItem(KEY, wanted);
  }
  const asked = [wanted, localStorage.getItem(KEY), document.documentElement.dataset.language, ...navigator.languages];
  current = (asked.map((it) => it?.slice(0, 2)).find((it) => it && it in languages) ?? 'en') as Language;
  words = (await load[current]()).words;
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
