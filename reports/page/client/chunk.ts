declare global {
  interface Window {
    /** Called by the files in `report/`. */
    reportChunk?: (name: string, content: unknown) => void;
  }
}

const arrived = new Map<string, unknown>();
window.reportChunk = (name, content) => arrived.set(name, content);

/** The content of a chunk, from this page or from the file beside it. A script element reads it, for a page opened from disk may fetch nothing. */
export async function loadChunk<T>(name: string): Promise<T> {
  const inline = document.getElementById(`chunk-${name}`);
  if (inline) return JSON.parse(inline.textContent) as T;
  await new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `report/${name}.js`;
    script.onload = resolve;
    script.onerror = () =>
      reject(new Error(`report/${name}.js cannot be read; keep the folder "report" beside report.html`));
    document.head.append(script);
    script.remove();
  });
  const content = arrived.get(name) as T;
  arrived.delete(name);
  return content;
}
