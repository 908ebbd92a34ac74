import { t, wordsFor, type Key } from '../app/words';
import type { Action, Situation } from './model';

/** What a step is called in the reader's language; where we have no name for it, its own or its id. */
export function stepName(workflow: string, id: string, titles?: ReadonlyMap<string, string>): string {
  return wordsFor('step', `${workflow}_${id}`) ?? titles?.get(id) ?? id.replace(/-/g, ' ');
}

/** Whether we have a name for every step. */
export function knows(workflow: string, ids: string[]): boolean {
  return ids.every((id) => wordsFor('step', `${workflow}_${id}`) !== undefined);
}

export function situationName(of: Situation): string {
  return t(`progress.${of}` as Key);
}

/** What can be done about a failure, in plain words. */
export function remedy(error: NonNullable<Action['error']>): string {
  return wordsFor('failure', error.code) ?? wordsFor('failure', error.kind.toLowerCase()) ?? t('failure.other');
}
