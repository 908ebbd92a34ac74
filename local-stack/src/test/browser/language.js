/** Keys that stand where words should, and placeholders that nobody filled in, in elements with a shadow root too. */
export function untranslated(page) {
  return page.evaluate(() => {
    const words = (root) =>
      [...root.querySelectorAll('*')].flatMap((it) => [
        ...[...it.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data),
        ...(it.shadowRoot ? words(it.shadowRoot) : []),
      ]);
    return words(document.body).filter((it) =>
      /^(shell|signin|problem|notfound|state|apps|progress|step|failure|deployment|hub|connection|accounts|secrets|events|webhooks|delivery|operator|audit|people|keys|catalogue|new|plan|workflow)\.\w+$|\{\w+\}/.test(it.trim()),
    );
  });
}
