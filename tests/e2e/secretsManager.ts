// The manager's section "Secrets" for tests: opening it, filling a vault without typing, giving it files.

import type { Page } from '@playwright/test'
import { expect, type Keyhearth, operate } from './keyhearth.ts'

export interface Kept {
  readonly kind?: string
  readonly title: string
  readonly fields?: Readonly<Record<string, string>>
  readonly uris?: readonly string[]
  readonly notes?: string
  readonly tags?: readonly string[]
  readonly favourite?: boolean
}

export const itemOf = (kept: Kept) => ({
  kind: 'login',
  fields: {},
  uris: [],
  notes: '',
  own: [],
  tags: [],
  favourite: false,
  ...kept,
})

/** A vault with these in it, and the section open in a window as wide as a desk's. */
export async function openSecrets(keyhearth: Keyhearth, kept: readonly Kept[] = []): Promise<Page> {
  const popup = await keyhearth.createVault()
  await keep(popup, kept)
  await popup.close()
  const page = await keyhearth.open('manager.html#secrets')
  await page.setViewportSize({ width: 1280, height: 900 })
  await expect(page.getByRole('heading', { level: 1, name: 'Secrets' })).toBeVisible()
  return page
}

/** As an import brings them: many at once. */
export async function keep(
  page: Page,
  kept: readonly Kept[],
  changedAt?: (at: number) => number,
): Promise<void> {
  if (kept.length === 0) return
  const { ImportId } = await operate<{ ImportId: string }>(page, 'keyhearth:StartImport', {})
  for (let at = 0; at < kept.length; at += 1000) {
    const Items = kept.slice(at, at + 1000).map((one, i) => ({
      Item: itemOf(one),
      ...(changedAt ? { ChangedAt: changedAt(at + i) } : {}),
    }))
    await operate(page, 'keyhearth:AddToImport', { ImportId, Items })
  }
  await operate(page, 'keyhearth:FinishImport', { ImportId })
}

export interface Listed {
  readonly Items: readonly { readonly SecretId: string; readonly Title: string }[]
  readonly Total: number
}

export const listed = (page: Page, input: object = {}): Promise<Listed> =>
  operate(page, 'keyhearth:ListItems', { Limit: 500, ...input })

export const titles = async (page: Page, input: object = {}): Promise<string[]> =>
  (await listed(page, input)).Items.map(({ Title }) => Title)

export const table = (page: Page) => page.getByRole('table', { name: 'Secrets' })
export const titleLink = (page: Page, name: string) => table(page).getByRole('link', { name })

export const giveFile = (page: Page, name: string, content: string | Uint8Array) =>
  page
    .getByLabel('Choose a file')
    .last()
    .setInputFiles({
      name,
      mimeType: '',
      buffer: Buffer.from(content),
    })
