// What `npm start` does where nobody can look: one person's walk through Keyhearth in a headless
// Chromium, each step with what was seen, and a screenshot of it.

import { mkdirSync, rmSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, Keyhearth, passphrase } from '../tests/e2e/keyhearth.ts'
import type { Site } from './serve.ts'

const folder = resolve('.output/demo')
const armoured = /-----BEGIN KEYHEARTH MESSAGE-----/
const pageSize = { width: 900, height: 900 }

/** What a step shows for itself: one sentence, and the page it is about. */
interface Seen {
  readonly sentence: string
  readonly page: Page
}

class Walk {
  readonly keyhearth: Keyhearth
  readonly #site: Site
  #popup: Page | null = null
  #notes: Page | null = null
  #message = ''

  constructor(keyhearth: Keyhearth, site: Site) {
    this.keyhearth = keyhearth
    this.#site = site
  }

  get popup(): Page {
    if (!this.#popup) throw new Error('the popup is not open')
    return this.#popup
  }

  get notes(): Page {
    if (!this.#notes) throw new Error('the sample page is not open')
    return this.#notes
  }

  get #note() {
    return this.notes.getByLabel('Note', { exact: true })
  }

  async createVault(): Promise<Seen> {
    this.#popup = await this.keyhearth.createVault()
    return { sentence: 'a vault was created and stands open', page: this.popup }
  }

  async storeSecret(): Promise<Seen> {
    await this.keyhearth.addSecret(this.popup, 'Library card', '4711-0815')
    const secret = this.popup.getByRole('button', { name: 'Library card' })
    await expect(secret).toBeVisible()
    return { sentence: 'the list of secrets shows "Library card"', page: this.popup }
  }

  async encryptMarkedText(): Promise<Seen> {
    this.#notes = await this.keyhearth.context.newPage()
    await this.notes.setViewportSize(pageSize)
    await this.notes.goto(this.#site.origin)
    const before = await this.#note.inputValue()
    await this.#note.selectText()
    await this.keyhearth.chooseMenu(this.notes, 'encrypt-selection')
    await expect(this.#note).toHaveValue(armoured)
    const { length } = await this.#note.inputValue()
    const sentence = `"${before}" became a message of ${length} characters`
    return { sentence, page: this.notes }
  }

  async encryptInPopup(): Promise<Seen> {
    await this.#onTextTab('The spare key is under the third stone.', 'Encrypt')
    const result = this.popup.getByLabel('Result')
    await expect(result).toHaveText(armoured)
    this.#message = (await result.textContent()) ?? ''
    return { sentence: 'the Text tab gave a message to copy', page: this.popup }
  }

  async lock(): Promise<Seen> {
    await this.popup.bringToFront()
    await this.popup.getByRole('button', { name: 'Lock' }).click()
    await expect(this.popup.getByRole('button', { name: 'Unlock' })).toBeVisible()
    await expect(this.popup.getByText('Library card')).toHaveCount(0)
    return { sentence: 'the popup asks for the passphrase and shows no secret', page: this.popup }
  }

  async unlock(): Promise<Seen> {
    await this.keyhearth.unlock(this.popup, passphrase)
    return { sentence: 'the passphrase opened it again', page: this.popup }
  }

  async decryptInPopup(): Promise<Seen> {
    await this.#onTextTab(this.#message, 'Decrypt')
    const result = this.popup.getByLabel('Result')
    await expect(result).toHaveText('The spare key is under the third stone.')
    return { sentence: `the message reads "${await result.textContent()}"`, page: this.popup }
  }

  async decryptMarkedText(): Promise<Seen> {
    await this.notes.bringToFront()
    await this.#note.selectText()
    await this.keyhearth.chooseMenu(this.notes, 'decrypt-selection')
    await expect(this.#note).not.toHaveValue(armoured)
    return { sentence: `the note reads "${await this.#note.inputValue()}"`, page: this.notes }
  }

  async askConsent(): Promise<Seen> {
    const consent = await this.keyhearth.consent(() =>
      this.notes.getByRole('button', { name: 'Connect Keyhearth' }).click(),
    )
    const allow = consent.getByRole('button', { name: 'Allow on this site' })
    await expect(allow).toBeEnabled()
    await expect(consent.getByText(this.#site.origin)).toBeVisible()
    await consent.screenshot({ path: resolve(folder, 'consent.png') })
    await allow.click()
    const status = this.notes.getByRole('status')
    await expect(status).toContainText('Connected')
    const said = await status.textContent()
    const sentence = `the window named ${this.#site.origin}; once allowed, the page said "${said}"`
    return { sentence, page: this.notes }
  }

  async pageEncryptsAndDecrypts(): Promise<Seen> {
    const before = await this.#note.inputValue()
    await this.notes.getByRole('button', { name: 'Encrypt note' }).click()
    await expect(this.#note).toHaveValue(armoured)
    await this.notes.getByRole('button', { name: 'Decrypt note' }).click()
    await expect(this.#note).toHaveValue(before)
    return { sentence: 'window.keyhearth encrypted the note and gave it back', page: this.notes }
  }

  async #onTextTab(text: string, button: 'Encrypt' | 'Decrypt'): Promise<void> {
    await this.popup.bringToFront()
    await this.popup.getByRole('tab', { name: 'Text' }).click()
    await this.popup.getByLabel('Text', { exact: true }).fill(text)
    await this.popup.getByRole('button', { name: button }).click()
  }
}

const steps: readonly (readonly [name: string, step: (walk: Walk) => Promise<Seen>])[] = [
  ['Create a vault', (walk) => walk.createVault()],
  ['Store a secret', (walk) => walk.storeSecret()],
  ['Encrypt marked text on the page', (walk) => walk.encryptMarkedText()],
  ['Encrypt in the popup', (walk) => walk.encryptInPopup()],
  ['Lock', (walk) => walk.lock()],
  ['Unlock', (walk) => walk.unlock()],
  ['Decrypt in the popup', (walk) => walk.decryptInPopup()],
  ['Decrypt marked text on the page', (walk) => walk.decryptMarkedText()],
  ['Ask for consent', (walk) => walk.askConsent()],
  ['A page encrypts and decrypts', (walk) => walk.pageEncryptsAndDecrypts()],
]

/** Walks until a step fails. False where one did. */
async function walkAll(walk: Walk): Promise<boolean> {
  for (const [index, [name, step]] of steps.entries()) {
    try {
      const { sentence, page } = await step(walk)
      await page.screenshot({ path: resolve(folder, `${String(index + 1).padStart(2, '0')}.png`) })
      console.log(`${index + 1}. ${name}: ${sentence}.`)
    } catch (error) {
      console.log(
        `${index + 1}. ${name}: failed. ${error instanceof Error ? error.message : error}`,
      )
      return false
    }
  }
  return true
}

export async function journey(site: Site): Promise<boolean> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  console.log(
    '\nThere is no display here, so this walk goes by itself, in a vault made for it alone.\n',
  )
  const keyhearth = await Keyhearth.start()
  try {
    const whole = await walkAll(new Walk(keyhearth, site))
    if (whole)
      console.log(`\nAll ${steps.length} steps worked. Screenshots: ${relative('.', folder)}`)
    return whole
  } finally {
    await keyhearth.dispose()
  }
}
