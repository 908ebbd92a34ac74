import { loadHubWords, type Key } from '../words';

/** One page: its address, the element that shows it, how it is loaded, and its entry in the navigation, if it has one. */
export interface Route {
  path: string;
  element: string;
  load: () => Promise<unknown>;
  nav?: Key;
  /** The permission without which the API shows nothing of it; then it has no entry. */
  needs?: string;
}

/** A page about the hub, with the words of those pages. */
const hub = (page: Promise<unknown>) => Promise.all([page, loadHubWords()]);

/** Every page of the console. The navigation has the entries in this order. */
export const routes: Route[] = [
  { path: '/', element: 'offshoot-apps-page', load: () => import('../pages/apps'), nav: 'shell.apps', needs: 'watch' },
  { path: '/catalogue', element: 'offshoot-catalogue-page', load: () => import('../pages/catalogue'), nav: 'catalogue.nav', needs: 'deploy' },
  { path: '/new/:workflow', element: 'offshoot-new-page', load: () => import('../pages/new') },
  { path: '/deployments/:id/plan', element: 'offshoot-plan-page', load: () => import('../pages/plan') },
  { path: '/deployments/:id', element: 'offshoot-deployment-page', load: () => import('../pages/deployment') },
  { path: '/events', element: 'offshoot-events-page', load: () => hub(import('../pages/events')), nav: 'shell.events', needs: 'events' },
  { path: '/accounts', element: 'offshoot-accounts-page', load: () => hub(import('../pages/accounts')), nav: 'shell.accounts', needs: 'watch' },
  { path: '/webhooks', element: 'offshoot-webhooks-page', load: () => hub(import('../pages/webhooks')), nav: 'shell.webhooks', needs: 'webhooks' },
  { path: '/people', element: 'offshoot-people-page', load: () => hub(import('../pages/people')), nav: 'shell.people', needs: 'keys' },
  { path: '/operator', element: 'offshoot-operator-page', load: () => hub(import('../pages/operator')), nav: 'shell.operator', needs: 'audit' },
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
