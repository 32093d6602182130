import type { State } from './state.ts';

/** Brings a section to the top of the window, and the focus with it. */
export function showSection(id: string): void {
  const title = document.getElementById(`${id}-title`);
  title?.focus({ preventScroll: true });
  title?.scrollIntoView();
}

/** The same, kept in the address. */
export function goTo(state: State, id: string): void {
  state.set({ section: id });
  showSection(id);
}
