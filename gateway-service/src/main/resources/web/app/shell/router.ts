import type { Key } from '../words';

/** One page: its address, the element that shows it, how it is loaded, and its entry in the navigation, if it has one. */
export interface Route {
  path: string;
  element: string;
  load: () => Promise<unknown>;
  nav?: Key;
}

/** Every page of the console. The navigation has the entries in this order. */
export const routes: Route[] = [
  { path: '/', element: 'offshoot-apps-page', load: () => import('../pages/apps'), nav: 'shell.apps' },
  { path: '/catalogue', element: 'offshoot-catalogue-page', load: () => import('../pages/catalogue'), nav: 'catalogue.nav' },
  { path: '/new/:workflow', element: 'offshoot-new-page', load: () => import('../pages/new') },
  { path: '/deployments/:id/plan', element: 'offshoot-plan-page', load: () => import('../pages/plan') },
  { path: '/deployments/:id', element: 'offshoot-deployment-page', load: () => import('../pages/deployment') },
];

const nowhere: Route = {
  path: '',
  element: 'offshoot-not-found-page',
  load: () => import('../pages/not-found'),
};

export interface Place {
  route: Route;
  params: Record<string, string>;
}

/** The page at that address, with what stands in the address for `:name`. */
export function placeAt(path: string): Place {
  for (const route of routes) {
    const names: string[] = [];
    const pattern = route.path.replace(/:(\w+)/g, (_, name: string) => (names.push(name), '([^/]+)'));
    const match = new RegExp(`^${pattern}/?$`).exec(path);
    if (match) {
      const values = names.map((name, i) => [name, decodeURIComponent(match[i + 1])]);
      return { route, params: Object.fromEntries(values) as Record<string, string> };
    }
  }
  return { route: nowhere, params: {} };
}

/** Goes to an address of the console without loading it anew. */
export function go(path: string): void {
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** Lets ordinary links lead to pages of the console; with a modifier key, to a target, or elsewhere they do what they always do. */
export function followLinks(): void {
  document.addEventListener('click', (event) => {
    const link = event.composedPath().find((it): it is HTMLAnchorElement => it instanceof HTMLAnchorElement);
    if (
      !link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey ||
      event.altKey || link.target || link.hasAttribute('download') || link.origin !== location.origin || link.hash
    ) {
      return;
    }
    if (placeAt(link.pathname).route !== nowhere) {
      event.preventDefault();
      go(link.pathname + link.search);
    }
  });
}
