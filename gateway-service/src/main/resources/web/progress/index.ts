/**
 * `<offshoot-progress base-url="https://offshoot.example.org" deployment="…">` for any page: how far a deployment has come,
 * what failed, and what a person must do. Set its property `token` to the credential, or to a function that returns it.
 * See docs/progress-element.md.
 */
import { chooseLanguage } from '../app/words';
import { Progress } from './progress';

await chooseLanguage();
customElements.define('offshoot-progress', Progress);
