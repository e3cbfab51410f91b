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
    // In the next frame it is there, and not painted yet.
    const opening = () => requestAnimationFrame(settle);
    popover.addEventListener('beforetoggle', opening);
    // A phone may be turned while it is open.
    addEventListener('resize', settle);
    return () => {
      popover.removeEventListener('beforetoggle', opening);
      removeEventListener('resize', settle);
    };
  };
}
