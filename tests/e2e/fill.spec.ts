// Filling: what is in the vault goes into the form the person is in, on their press of "Fill", on the site it is for,
// and nowhere else. Pages that want more than that get nothing.

import type { BrowserContext, Page } from '@playwright/test'
import { expect, type Keyhearth, operate, test } from './keyhearth.ts'

const bank = 'https://bank.keyhearth-test.com'
const secretPassword = 'gÜlden & “secret” 7'

const login = `<form><label>Name <input name=user autocomplete=username></label>
<label>Password <input name=pass type=password autocomplete=current-password></label><button>Go</button></form>`

/** Pages of any host, without a network. */
async function serve(context: BrowserContext, pages: Readonly<Record<string, string>>) {
  for (const [url, html] of Object.entries(pages)) {
    await context.route(url, (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: `<!doctype html>${html}` }),
    )
  }
}

interface Given {
  readonly kind?: string
  readonly title?: string
  readonly fields?: Readonly<Record<string, string>>
  readonly uris?: readonly string[]
  readonly askAgain?: boolean
}

/** Kept through the popup's own way. Gives the secret's ARN. */
async function keep(popup: Page, given: Given = {}): Promise<string> {
  const { SecretId } = await operate<{ SecretId: string }>(popup, 'keyhearth:PutItem', {
    Item: {
      kind: given.kind ?? 'login',
      title: given.title ?? 'The bank',
      fields: given.fields ?? { username: 'ada', password: secretPassword },
      uris: given.uris ?? [bank],
      notes: '',
      own: [],
      tags: [],
      favourite: false,
    },
    AskAgain: given.askAgain ?? false,
  })
  return SecretId
}

async function open(keyhearth: Keyhearth, url: string): Promise<Page> {
  const page = await keyhearth.context.newPage()
  await page.goto(url)
  return page
}

/** The popup over the page that was last looked at, as it opens from the toolbar. */
async function popupOver(keyhearth: Keyhearth, page: Page): Promise<Page> {
  await page.bringToFront()
  const popup = await keyhearth.popup()
  await expect(popup.getByLabel('Search secrets')).toBeVisible()
  return popup
}

const fillButton = (popup: Page) => popup.getByRole('button', { name: 'Fill', exact: true })

/** Fills by the popup, which closes over a page that was filled. */
async function fill(keyhearth: Keyhearth, page: Page): Promise<void> {
  const popup = await popupOver(keyhearth, page)
  await Promise.all([popup.waitForEvent('close'), fillButton(popup).click()])
}

/** Asked for past the popup's offer. Gives the code it is refused with, or the names of what was filled. */
async function askToFill(keyhearth: Keyhearth, page: Page, SecretId: string) {
  const popup = await keyhearth.popup()
  const TabId = await popup.evaluate(async (url) => {
    const tabs = await chrome.tabs.query({})
    return tabs.find((tab) => tab.url === url)?.id ?? -1
  }, page.url())
  const answer = await operate<{ Filled: string[] }>(popup, 'keyhearth:FillItem', {
    SecretId,
    TabId,
  }).then(
    ({ Filled }) => Filled,
    (error: Error) => /\w+Exception/.exec(error.message)?.[0] ?? error.message,
  )
  await popup.close()
  return answer
}

declare const chrome: { tabs: { query(query: object): Promise<{ id?: number; url?: string }[]> } }

test('user name and password go into the form on the press of Fill, and not before', async ({
  keyhearth,
}) => {
  await keep(await keyhearth.createVault())
  await serve(keyhearth.context, {
    [`${bank}/`]: `${login}<script>
      window.heard = []
      for (const type of ['input', 'change']) addEventListener(type, (e) => heard.push(type + ' ' + e.target.name))
    </script>`,
  })
  const page = await open(keyhearth, `${bank}/`)
  await page.waitForTimeout(500)
  await expect(page.getByLabel('Name')).toHaveValue('')
  await fill(keyhearth, page)
  await expect(page.getByLabel('Name')).toHaveValue('ada')
  await expect(page.getByLabel('Password')).toHaveValue(secretPassword)
  // Frameworks hear of it as of typing.
  expect(await page.evaluate('heard')).toEqual([
    'input user',
    'change user',
    'input pass',
    'change pass',
  ])
})

test('a framework that guards its fields takes what is filled', async ({ keyhearth }) => {
  await keep(await keyhearth.createVault())
  // As React does: the page's own property on the field, and a value it puts back unless it heard of the change.
  await serve(keyhearth.context, {
    [`${bank}/`]: `${login}<script>
      const field = document.querySelector('[name=user]')
      const native = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')
      let known = ''
      Object.defineProperty(field, 'value', { configurable: true,
        get() { return native.get.call(this) }, set(v) { known = String(v); native.set.call(this, v) } })
      field.addEventListener('input', () => { const now = native.get.call(field); if (now !== known) state = known = now })
      var state = ''
    </script>`,
  })
  const page = await open(keyhearth, `${bank}/`)
  await fill(keyhearth, page)
  expect(await page.evaluate('state')).toBe('ada')
})

test('a form that names nothing is understood by its password; a one-time code is the code, not its key', async ({
  keyhearth,
}) => {
  await keep(await keyhearth.createVault(), {
    fields: { username: 'ada', password: 'p', totp: 'JBSWY3DPEHPK3PXP' },
  })
  await serve(keyhearth.context, {
    [`${bank}/`]: `<input type=search aria-label=Find><form><input name=x1 aria-label=First>
      <input type=password aria-label=Second><input name=otp_code aria-label=Third></form>`,
  })
  const page = await open(keyhearth, `${bank}/`)
  await fill(keyhearth, page)
  await expect(page.getByLabel('First')).toHaveValue('ada')
  await expect(page.getByLabel('Second')).toHaveValue('p')
  await expect(page.getByLabel('Third')).toHaveValue(/^\d{6}$/)
  await expect(page.getByLabel('Find')).toHaveValue('')
})

test('the form with the focus is filled, and no other one', async ({ keyhearth }) => {
  await keep(await keyhearth.createVault())
  await serve(keyhearth.context, {
    [`${bank}/`]: `<form id=one><input id=u1><input type=password id=p1></form>
      <form id=two><input id=u2><input type=password id=p2></form>`,
  })
  const page = await open(keyhearth, `${bank}/`)
  await page.locator('#u2').focus()
  await fill(keyhearth, page)
  await expect(page.locator('#p2')).toHaveValue(secretPassword)
  await expect(page.locator('#u2')).toHaveValue('ada')
  await expect(page.locator('#p1')).toHaveValue('')
})

test('cards and addresses go into the fields named for them', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  const uris = [bank]
  const card = await keep(popup, {
    kind: 'card',
    title: 'Card',
    uris,
    fields: {
      holder: 'Ada L',
      number: '4111 1111 1111 1111',
      expires: '03/2031',
      code: '123',
      pin: '9876',
    },
  })
  const me = await keep(popup, {
    kind: 'identity',
    title: 'Me',
    uris,
    fields: { name: 'Ada King Lovelace', street: '1 Square', postcode: 'W1', passport: 'X99' },
  })
  await serve(keyhearth.context, {
    [`${bank}/`]: `<form>${[
      'cc-name',
      'cc-number',
      'cc-exp',
      'cc-csc',
      'given-name',
      'family-name',
      'shipping street-address',
      'postal-code',
      'off',
    ]
      .map((token) => `<input autocomplete="${token}" aria-label="${token}">`)
      .join('')}
      <select autocomplete=cc-exp-month aria-label=month><option value="">-<option value=3>March</select>
      <select autocomplete=cc-exp-year aria-label=year><option>30<option>31</select></form>`,
  })
  const page = await open(keyhearth, `${bank}/`)
  await page.getByLabel('cc-name').focus()
  await askToFill(keyhearth, page, card)
  await expect(page.getByLabel('cc-number')).toHaveValue('4111111111111111')
  await expect(page.getByLabel('cc-exp')).toHaveValue('03/31')
  await expect(page.getByLabel('cc-csc')).toHaveValue('123')
  await expect(page.getByLabel('month')).toHaveValue('3')
  await expect(page.getByLabel('year')).toHaveValue('31')
  await askToFill(keyhearth, page, me)
  await expect(page.getByLabel('given-name')).toHaveValue('Ada King')
  await expect(page.getByLabel('family-name')).toHaveValue('Lovelace')
  await expect(page.getByLabel('street-address')).toHaveValue('1 Square')
  await expect(page.getByLabel('off')).toHaveValue('')
  const all = await page
    .locator('input')
    .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value).join(' '))
  expect(all).not.toMatch(/9876|X99/)
})

test('look-alike sites, other owners of one suffix, and http get no offer and no values', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  const SecretId = await keep(popup)
  const pages = [
    'https://bank.keyhearth-test.com.evil.net/',
    'https://bank.keyhearth-tesst.com/',
    'https://xn--bank-keyhearth-tst-qtb.com/',
    'http://bank.keyhearth-test.com/',
    'https://evil.net/?https://bank.keyhearth-test.com/',
  ]
  await serve(keyhearth.context, Object.fromEntries(pages.map((url) => [url, login])))
  for (const url of pages) {
    const page = await open(keyhearth, url)
    const over = await popupOver(keyhearth, page)
    await expect(over.getByRole('button', { name: 'The bank', exact: true })).toBeVisible()
    await expect(fillButton(over)).toHaveCount(0)
    await over.close()
    expect(await askToFill(keyhearth, page, SecretId), url).toBe('AccessDeniedException')
    await expect(page.getByLabel('Password')).toHaveValue('')
    await page.close()
  }
})

test('another host of the same owner is offered it', async ({ keyhearth }) => {
  await keep(await keyhearth.createVault())
  const url = 'https://login.keyhearth-test.com/'
  await serve(keyhearth.context, { [url]: login })
  const page = await open(keyhearth, url)
  await fill(keyhearth, page)
  await expect(page.getByLabel('Password')).toHaveValue(secretPassword)
})

test('a frame of the same origin that has the focus is filled', async ({ keyhearth }) => {
  await keep(await keyhearth.createVault())
  await serve(keyhearth.context, {
    [`${bank}/`]: `<iframe src="/inner"></iframe>${login}`,
    [`${bank}/inner`]: login,
  })
  const page = await open(keyhearth, `${bank}/`)
  await page.frameLocator('iframe').getByLabel('Name').focus()
  await fill(keyhearth, page)
  await expect(page.frameLocator('iframe').getByLabel('Password')).toHaveValue(secretPassword)
  await expect(page.getByLabel('Password')).toHaveValue('')
})

for (const [what, frame] of [
  ['of another origin', '<iframe src="https://evil.net/inner"></iframe>'],
  ['of no origin', `<iframe sandbox="allow-scripts allow-forms" src="/inner"></iframe>`],
] as const) {
  test(`a frame ${what} that has the focus gets nothing, and nor does the page around it`, async ({
    keyhearth,
  }) => {
    const SecretId = await keep(await keyhearth.createVault())
    await serve(keyhearth.context, {
      [`${bank}/`]: `${frame}${login}`,
      [`${bank}/inner`]: login,
      'https://evil.net/inner': login,
    })
    const page = await open(keyhearth, `${bank}/`)
    const inner = page.frameLocator('iframe')
    await inner.getByLabel('Name').click()
    expect(await askToFill(keyhearth, page, SecretId)).toBe('InvalidRequestException')
    await expect(inner.getByLabel('Password')).toHaveValue('')
    await expect(page.getByLabel('Password')).toHaveValue('')
  })
}

test('the bank’s own page inside another site gets nothing', async ({ keyhearth }) => {
  const SecretId = await keep(await keyhearth.createVault())
  await serve(keyhearth.context, {
    'https://evil.net/': `<iframe src="${bank}/inner"></iframe>`,
    [`${bank}/inner`]: login,
  })
  const page = await open(keyhearth, 'https://evil.net/')
  const inner = page.frameLocator('iframe')
  await inner.getByLabel('Name').click()
  expect(await askToFill(keyhearth, page, SecretId)).toBe('AccessDeniedException')
  await expect(inner.getByLabel('Password')).toHaveValue('')
})

test('fields that nobody sees are not filled', async ({ keyhearth }) => {
  const SecretId = await keep(await keyhearth.createVault(), {
    kind: 'card',
    fields: { holder: 'Ada', number: '4111111111111111', code: '123' },
  })
  const hidden = [
    'display:none',
    'visibility:hidden',
    'opacity:0',
    'opacity:0.05',
    'position:absolute;left:-9999px',
    'width:1px;height:1px;padding:0;border:0',
    'clip-path:inset(50%)',
  ]
  await serve(keyhearth.context, {
    [`${bank}/`]: `<form><input autocomplete=cc-name aria-label=seen>
      ${hidden.map((style) => `<input autocomplete=cc-number style="${style}">`).join('')}
      <div style="opacity:.1"><input autocomplete=cc-number></div>
      <div style="height:0;overflow:hidden"><input autocomplete=cc-number></div>
      <input type=hidden autocomplete=cc-csc></form>`,
  })
  const page = await open(keyhearth, `${bank}/`)
  expect(await askToFill(keyhearth, page, SecretId)).toEqual(['holder'])
  await expect(page.getByLabel('seen')).toHaveValue('Ada')
  const values = await page
    .locator('input:not([aria-label])')
    .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value).join(''))
  expect(values).toBe('')
})

test('what a page does on its own makes nothing be filled', async ({ keyhearth }) => {
  await keep(await keyhearth.createVault())
  await serve(keyhearth.context, {
    [`${bank}/`]: `${login}<script>
      const [user, pass] = document.querySelectorAll('input')
      for (const field of [user, pass]) {
        field.focus()
        for (const type of ['click', 'focus', 'input', 'keydown']) field.dispatchEvent(new Event(type, { bubbles: true }))
      }
      postMessage({ keyhearth: 1, type: 'fill', tokens: ['current-password'] }, '*')
      try { chrome.runtime.sendMessage('${'x'}', { keyhearth: 1, type: 'fill', tokens: ['current-password'] }) } catch {}
    </script>`,
  })
  const page = await open(keyhearth, `${bank}/`)
  const popup = await popupOver(keyhearth, page)
  await popup.getByRole('button', { name: 'The bank', exact: true }).click()
  await page.waitForTimeout(1000)
  await expect(page.getByLabel('Password')).toHaveValue('')
})

test('a page that leaves while it is filled takes nothing along', async ({ keyhearth }) => {
  const SecretId = await keep(await keyhearth.createVault())
  await serve(keyhearth.context, { [`${bank}/`]: login, 'https://evil.net/': login })
  const page = await open(keyhearth, `${bank}/`)
  const asked = askToFill(keyhearth, page, SecretId)
  await page.goto('https://evil.net/')
  await asked
  await expect(page.getByLabel('Password')).toHaveValue('')
})

test('where the person wants to be asked again, Fill asks for the passphrase first', async ({
  keyhearth,
}) => {
  await keep(await keyhearth.createVault(), { askAgain: true })
  await serve(keyhearth.context, { [`${bank}/`]: login })
  const page = await open(keyhearth, `${bank}/`)
  const popup = await popupOver(keyhearth, page)
  await fillButton(popup).click()
  await popup.getByLabel('Passphrase', { exact: true }).fill('not this one')
  await popup.getByRole('button', { name: 'Continue' }).click()
  await expect(popup.getByRole('alert')).toContainText('passphrase')
  await expect(page.getByLabel('Password')).toHaveValue('')
  await popup.getByLabel('Passphrase', { exact: true }).fill('correct horse battery staple')
  await Promise.all([
    popup.waitForEvent('close'),
    popup.getByRole('button', { name: 'Continue' }).click(),
  ])
  await expect(page.getByLabel('Password')).toHaveValue(secretPassword)
})

test('a page without a form says so', async ({ keyhearth }) => {
  await keep(await keyhearth.createVault())
  await serve(keyhearth.context, { [`${bank}/`]: '<p>Words' })
  const page = await open(keyhearth, `${bank}/`)
  const popup = await popupOver(keyhearth, page)
  await fillButton(popup).click()
  await expect(popup.getByRole('alert')).toContainText('no field in the page')
})
