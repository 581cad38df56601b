// The address of the page as state. Links are plain <a href>; clicks on those that this page can show are handled here.

const OTHER_PAGES = /^\/(docs|login|api|metrics|openapi\.json|licenses\.txt)\b/;

class Router {
  path = $state(location.pathname);
  search = $state(location.search);

  constructor() {
    addEventListener('popstate', () => this.read());
    document.addEventListener('click', (event) => this.follow(event));
  }

  go(href: string, { replace = false, keepScroll = false } = {}): void {
    const changed = new URL(href, location.href);
    if (changed.href === location.href) return;
    const samePage = changed.pathname === location.pathname;
    history[replace ? 'replaceState' : 'pushState'](null, '', changed);
    this.read();
    if (!samePage && !keepScroll) scrollTo(0, 0);
  }

  private read(): void {
    this.path = location.pathname;
    this.search = location.search;
  }

  private follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || OTHER_PAGES.test(link.pathname)) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    this.go(link.href);
  }
}

export const router = new Router();
