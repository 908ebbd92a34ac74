/**
 * What somebody has typed and not sent, kept on the device so that a lost line, a reload or an expired sign-in costs
 * nothing. Never a secret: fields of type password and those marked `data-secret` are left out.
 */
const PREFIX = 'offshoot.draft.';

/** Keeps what stands in a form. */
export function saveDraft(name: string, form: HTMLFormElement): void {
  const values: Record<string, string> = {};
  for (const field of form.elements) {
    if (
      (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) &&
      field.name && field.type !== 'password' && field.type !== 'file' && !('secret' in field.dataset)
    ) {
      const checkable = field.type === 'checkbox' || field.type === 'radio';
      if (!checkable || (field as HTMLInputElement).checked) {
        values[field.name] = field.value;
      }
    }
  }
  keepDraft(name, values);
}

/** Keeps what was typed, for those who know what of it is no secret. */
export function keepDraft(name: string, values: Record<string, string>): void {
  localStorage.setItem(PREFIX + name, JSON.stringify(values));
}

export function draft(name: string): Record<string, string> | undefined {
  const kept = localStorage.getItem(PREFIX + name);
  return kept ? (JSON.parse(kept) as Record<string, string>) : undefined;
}

export function dropDraft(name: string): void {
  localStorage.removeItem(PREFIX + name);
}
