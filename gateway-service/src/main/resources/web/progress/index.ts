import {LitElement,html} from 'lit'; class P extends LitElement { render() { return html`p` } } customElements.define('offshoot-progress', P);
