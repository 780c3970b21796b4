/** Markup that is safe to put into a page: made by `html` alone. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Content = Html | string | number | null | undefined | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an element's content or a quoted attribute; control characters that HTML forbids go. */
export function escape(text: string): string {
  return text

    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Tagged template: everything put in is escaped, unless it is Html itself. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(
    parts.map((part, index) => (index === 0 ? part : render(contents[index - 1]) + part)).join(""),
  );
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return "";
  if (content instanceof Html) return content.text;
  if (Array.isArray(content)) return content.map(render).join("");
  return escape(String(content));
}

/** Markup that this project wrote itself (a style sheet, a drawing of the chart library). */
export function trusted(markup: string): Html {
  return new Html(markup);
}
