"""Looking at a page as its readers will: on a desk and on a telephone, light and dark, and by its accessible tree."""

from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe

LOOKS = (({"width": 1440, "height": 900}, "light"), ({"width": 360, "height": 740}, "dark"))
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


def faults(page) -> list[str]:
    """What axe finds on a page, and by how much it is wider than its screen."""
    told = []
    for size, scheme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page, options=RULES).response["violations"]
        where = f"{page.url} at {size['width']} px, {scheme}: "
        told += [f"{where}{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        told += [f"{where}{wide} px too wide"] if wide > 0 else []
    page.set_viewport_size(LOOKS[0][0])
    page.emulate_media(color_scheme="light")
    return told


@contextmanager
def customer(browser, server):
    """A customer's browser that runs no script at all."""
    context = browser.new_context(base_url=server.url, locale="zh-TW", java_script_enabled=False)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
