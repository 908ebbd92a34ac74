/** The words of the console, and by their keys those of every other language. One section per page. */
export const words = {
  shell: {
    apps: 'Apps',
    pages: 'Pages',
    skip: 'To the content',
    loading: 'One moment…',
    language: 'Language',
    saver: 'Save data',
    sign_out: 'Sign out',
  },
  signin: {
    title: 'Sign in',
    intro: 'Here your hub deploys its apps into accounts that it owns.',
    token: 'Token or API key',
    help: 'Open the link that you were given, or paste it, the token in it, or an API key. It stays in this tab and is gone when you close it.',
    sign_in: 'Sign in',
    checking: 'Checking…',
    refused: 'This token is not taken: it is mistyped, has expired or was revoked. Ask whoever gave it to you for a new one.',
    again_title: 'Sign in again',
    again: 'Your sign-in has expired or was ended. Nothing is lost: what runs goes on, and what you typed is still there.',
  },
  problem: {
    title: 'This did not work',
    offline_title: 'No connection',
    unknown: 'Something went wrong on this page.',
    try_again: 'Try again',
    about: 'More about this',
    trace: 'For your support:',
    again_later: 'Try again in a moment.',
    see_page: 'Trying again does not help. Change something first.',
    network: 'You seem to be offline. What runs goes on without you; this page goes on as soon as the line is back.',
    unauthenticated: 'Sign in again.',
    forbidden: 'Your sign-in may not do this. An owner of the hub can.',
    not_found: 'It does not exist, or belongs to another hub. Check the address.',
    unavailable: 'The system cannot be reached just now. Try again in a minute: nothing is done twice.',
    too_many_requests: 'Too much at once. Wait a minute.',
  },
  notfound: {
    title: 'There is no such page',
    detail: 'The address is mistyped, or the page is gone.',
    to_apps: 'To the apps',
  },
  state: {
    idle: 'Not started',
    running: 'In progress',
    done: 'Done',
    error: 'Stopped',
  },
  apps: {
    title: 'Apps',
    intro: 'What your hub deployed, the newest first.',
    none: 'Nothing is deployed yet.',
    none_detail: 'As soon as a deployment is created for your hub, it stands here.',
    created: 'created {when}',
    more: 'Show older ones',
    open: 'Details of {name}',
    live: 'Open {address}',
  },
};

/** What every language must have. */
export type Words = { [S in keyof typeof words]: { [K in keyof (typeof words)[S]]: string } };
