// What every screen of the manager must pass: axe in both colour schemes, and no scrolling sideways.

import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './keyhearth.ts'

export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes[0]?.html}`)).toEqual(
      [],
    )
  }
}

/** At 320 pixels, which is also 1280 at 400% (WCAG 2.2, 1.4.10), and at 200% of a small window. */
export async function expectFits(page: Page): Promise<void> {
  const before = page.viewportSize()
  for (const width of [320, 500]) {
    await page.setViewportSize({ width, height: 640 })
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth)
    await expect.poll(wide).toBeLessThanOrEqual(width)
  }
  if (before) await page.setViewportSize(before)
}
