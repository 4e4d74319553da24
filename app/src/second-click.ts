/** A person's double click: its two clicks lie this near to one another, ms and CSS px. */
const INTERVAL = 400;
const DISTANCE = 24;

interface Click {
  readonly control: Element | null;
  readonly id: string | undefined;
  readonly x: number;
  readonly y: number;
  readonly time: number;
}

/**
 * Who double-clicks means what lay there at first: a second click is dropped if another control has come under the
 * pointer. Two on the same control are two; the keyboard is none of this.
 */
export function dropSecondClicks(document: Document): void {
  let last: Click | undefined;
  document.addEventListener(
    'click',
    (event) => {
      if (!event.isTrusted || event.detail === 0 || !(event.target instanceof Element)) return;
      const control = controlAt(event.target);
      const before = last;
      const click = { control, id: control?.id, x: event.clientX, y: event.clientY, time: event.timeStamp };
      if (before && isSecond(click, before) && !isSameControl(click, before)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      last = click;
    },
    { capture: true },
  );
}

function isSecond(click: Click, before: Click): boolean {
  return click.time - before.time < INTERVAL && Math.hypot(click.x - before.x, click.y - before.y) < DISTANCE;
}

/** The views use one button for several purposes; then its id changes. */
const isSameControl = (click: Click, before: Click): boolean =>
  click.control === before.control && click.id === before.id;

/** A label's click is its control's too. */
function controlAt(target: Element): Element | null {
  const control = target.closest('button, a, input, select, label');
  return control instanceof HTMLLabelElement ? control.control : control;
}
