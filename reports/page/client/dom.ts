type Child = Node | string | number | false | null | undefined;

/** Attributes, of which `false` and undefined ones are left out, and listeners by `onclick` and the like. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;

/** An element. Children that are strings become text, never markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== false && child !== null && child !== undefined).map(asNode));
  return element;
}

const asNode = (child: Child): Node | string => (child instanceof Node ? child : String(child));

/** Text for those who listen and not for those who look. */
export const spoken = (text: string) => h('span', { class: 'spoken' }, text);

/** A labelled choice; the id keeps the focus when the section around it is drawn anew. */
export function select(
  id: string,
  label: string,
  options: readonly { value: string; text: string }[],
  value: string,
  onChange: (value: string) => void,
): HTMLElement {
  const element = h(
    'select',
    { id, onchange: () => onChange(element.value) },
    ...options.map((o) => h('option', { value: o.value, selected: o.value === value }, o.text)),
  );
  return h('label', { class: 'field' }, h('span', {}, label), element);
}

/** A section's content anew, with the focus and the caret where they were. */
export function redraw(parent: HTMLElement, ...children: Child[]): void {
  const focused = document.activeElement;
  const id = focused && parent.contains(focused) ? focused.id : '';
  const caret = focused instanceof HTMLInputElement && focused.type === 'search' ? focused.selectionStart : null;
  parent.replaceChildren(h('div', {}, ...children));
  if (!id) return;
  const again = document.getElementById(id);
  again?.focus({ preventScroll: true });
  if (caret !== null && again instanceof HTMLInputElement) again.setSelectionRange(caret, caret);
}
