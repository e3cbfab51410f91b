import type { Attachment } from 'svelte/attachments';

/** Keeps a popover beside the button with this ID, where there is more room, and inside the page. */
export function beside(opener: string): Attachment<HTMLElement> {
  return (popover) => {
    const settle = () => {
      const button = document.getElementById(opener)?.getBoundingClientRect();
      if (!button || !popover.matches(':popover-open')) return;
      const opensUp = button.top > innerHeight / 2;
      const room = opensUp ? button.top : innerHeight - button.bottom;
      popover.style.setProperty('--room', `${Math.round(room)}px`);
      popover.style.insetBlock = opensUp
        ? `auto ${Math.round(innerHeight - button.top)}px`
        : `${Math.round(button.bottom)}px auto`;
      const { clientWidth } = document.documentElement;
      const margin = parseFloat(getComputedStyle(popover).marginInlineStart);
      const most = clientWidth - popover.offsetWidth - 2 * margin;
      const left = (button.left + button.right - popover.offsetWidth) / 2 - margin;
      popover.style.insetInlineStart = `${Math.round(Math.max(0, Math.min(left, most)))}px`;
    };
    // Told before it is painted: when it opens, and when what is in it changes.
    const size = new ResizeObserver(settle);
    size.observe(popover);
    // A phone may be turned while it is open.
    addEventListener('resize', settle);
    return () => {
      size.disconnect();
      removeEventListener('resize', settle);
    };
  };
}
