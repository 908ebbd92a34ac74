// What several pages use is one file on the line: the bundler makes one of all that the same pages reach, and each page reaches this.
// On a slow line a dozen small files cost more in waiting than in bytes.
import '../progress/model';
import '../progress/steps';
import './look/lists';
import './look/palette';
import './look/wear';
import './pages/deployment/asking';
import './shell/announcer';
import './shell/change';
import './shell/confirm';
import './shell/drafts';
import './shell/field';
import './shell/fresh';
import './shell/once';
import './shell/problem';
import './shell/router';
import './shell/saver';
import './shell/session';
import './shell/sure';
import './shell/title';
import './shell/toasts';
import './words';
import './words/format';
import './words/names';
import './words/said';
