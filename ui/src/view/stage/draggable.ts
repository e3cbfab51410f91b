import type { Attachment } from 'svelte/attachments';

/** What is moved less, in CSS pixels, was meant as a press. */
const SLIP = 6;

interface Dragging {
  /** Where its upper left corner is to be, on the screen. */
  moveTo(x: number, y: number): void;
  dragging(is: boolean): void;
}

/** Lets a pointer drag the element; its buttons stay buttons. */
export function draggable({ moveTo, dragging }: Dragging): Attachment<HTMLElement> {
  return (element) => {
    /** Where the pointer went down, and at which part of the element. */
    let grip: { pointer: number; x: number; y: number; across: number; down: number } | null = null;
    let moves = false;

    const down = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as Element).closest('button')) return;
      const { left, top, width, height } = element.getBoundingClientRect();
      const [x, y] = [event.clientX, event.clientY];
      grip = { pointer: event.pointerId, x, y, across: (x - left) / width, down: (y - top) / height };
    };
    const move = (event: PointerEvent) => {
      if (!grip || event.pointerId !== grip.pointer) return;
      const [x, y] = [event.clientX, event.clientY];
      if (!moves && Math.hypot(x - grip.x, y - grip.y) < SLIP) return;
      if (!moves) {
        moves = true;
        element.setPointerCapture(grip.pointer);
        dragging(true);
      }
      // Its size may change when it begins to float: the pointer stays at the same part of it.
      moveTo(x - grip.across * element.offsetWidth, y - grip.down * element.offsetHeight);
    };
    const up = () => {
      grip = null;
      if (moves) dragging(false);
      moves = false;
    };

    const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: up };
    for (const [type, listener] of Object.entries(listeners))
      element.addEventListener(type, listener as EventListener);
    return () => {
      up();
      for (const [type, listener] of Object.entries(listeners))
        element.removeEventListener(type, listener as EventListener);
    };
  };
}
