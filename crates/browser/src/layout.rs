//! What does not fit into its own width, and makes a person scroll sideways or miss something.

use crate::{Browser, texts_of};

/// Left out: drawings, and what only a screen reader is to find.
const TOO_WIDE: &str = "
    const name = element => element.tagName.toLowerCase()
        + (element.id && '#' + element.id)
        + [...element.classList].map(word => '.' + word).join('');
    const cut = element => {
        const style = getComputedStyle(element);
        const clipped = style.clipPath !== 'none' || style.clip !== 'auto';
        return element.matches('.off') || (clipped && style.position === 'absolute');
    };
    const hidden = element => {
        for (let at = element; at; at = at.parentElement) if (cut(at)) return true;
        return !element.checkVisibility();
    };
    const root = document.documentElement;
    const wide = [...document.querySelectorAll('body, body *')].filter(element =>
        element.clientWidth > 0
        && element.scrollWidth > element.clientWidth
        && !element.closest('svg')
        && !hidden(element));
    const found = wide.map(element =>
        `${name(element)}: scrollWidth ${element.scrollWidth} > clientWidth ${element.clientWidth}`);
    if (root.scrollWidth > innerWidth)
        found.unshift(`document: scrollWidth ${root.scrollWidth} > innerWidth ${innerWidth}`);
    return found";

impl Browser {
    /// Every element whose content is wider than itself, and the document if it is wider than the
    /// window: tag, id and classes, and both widths.
    #[track_caller]
    pub fn too_wide(&self) -> Vec<String> {
        texts_of(&self.run(TOO_WIDE))
    }
}
