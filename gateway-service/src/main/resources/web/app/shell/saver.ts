const KEY = 'offshoot.saver';

/**
 * Whether to spare the line: then the console asks now and then instead of holding a stream open. On where the browser is
 * told to save data, unless the reader chose otherwise.
 */
class Saver extends EventTarget {
  get on(): boolean {
    const chosen = localStorage.getItem(KEY);
    const told = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
    return chosen === null ? told === true : chosen === 'on';
  }

  set on(value: boolean) {
    localStorage.setItem(KEY, value ? 'on' : 'off');
    this.dispatchEvent(new Event('change'));
  }
}

export const saver = new Saver();
