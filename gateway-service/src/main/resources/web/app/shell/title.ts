/** The tab's title: the page's name, and before it a notice while nobody looks. */

let page = '';
let notice = '';

function show(): void {
  document.title = `${notice ? `${notice} · ` : ''}${page ? `${page} · ` : ''}Offshoot`;
}

export function setTitle(name: string): void {
  page = name;
  notice = '';
  show();
}

/** Says in the tab that something finished or needs somebody; gone as soon as the tab is looked at. */
export function setNotice(words: string): void {
  if (document.hidden) {
    notice = words;
    show();
  }
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    notice = '';
    show();
  }
});
