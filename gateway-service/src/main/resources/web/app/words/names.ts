import { t } from '.';
import { number } from './format';

/** Several names in one line; beyond three, how many more there are. */
export function names(all: string[]): string {
  return all.length > 4
    ? t('deployment.names', { names: all.slice(0, 3).join(', '), n: number(all.length - 3) })
    : all.join(', ');
}
