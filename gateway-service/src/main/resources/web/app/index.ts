import './shared';
import './look/base.css';
import './look/shell.css';
import { palette } from './look/palette';
import { wear } from './look/wear';
import { Console } from './shell/console';
import { placeAt } from './shell/router';
import { session } from './shell/session';
import { chooseLanguage } from './words';

wear(palette);
session.readLink();
const chosen = chooseLanguage();
// On a slow line each wait counts: the page comes together with the words.
void placeAt(location.pathname).route.load().catch(() => undefined);
await chosen;
customElements.define('offshoot-console', Console);
