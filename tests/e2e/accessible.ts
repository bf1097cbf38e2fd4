// What every screen must pass: axe in both colour schemes, and no scrolling sideways.

import type { Frame, Page } from '@playwright/test'
import axe from 'axe-core'
import { expect } from './keyhearth.ts'

/** All rules in the light; in the dark the same elements have other colours, and nothing else differs. */
const schemes: readonly { readonly scheme: 'light' | 'dark'; readonly rules: axe.RunOptions }[] = [
  { scheme: 'light', rules: {} },
  { scheme: 'dark', rules: { runOnly: { type: 'rule', values: ['color-contrast'] } } },
]

/** @param inside what stands in a frame of somebody else's page, which is none of Keyhearth's */
export async function expectAccessible(
  page: Page,
  inside: Frame = page.mainFrame(),
): Promise<void> {
  // Some screens are loaded when they are first wanted; each has a heading.
  await expect(inside.locator('h1').first()).toBeVisible()
  for (const frame of inside === page.mainFrame() ? page.frames() : [inside]) {
    if (await frame.evaluate(() => 'axe' in window)) continue
    await frame.evaluate(axe.source)
    // Frames of the extension that are sandboxed are of no origin.
    await frame.evaluate(() => window.axe.configure({ allowedOrigins: ['<unsafe_all_origins>'] }))
  }
  for (const { scheme, rules } of schemes) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    const { violations } = await inside.evaluate((options) => window.axe.run(document, options), {
      ...rules,
      resultTypes: ['violations'],
    } satisfies axe.RunOptions)
    expect(violations.map(({ id, nodes }) => `${scheme}: ${id}: ${nodes[0]?.html}`)).toEqual([])
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

declare global {
  interface Window {
    axe: typeof axe
  }
}
