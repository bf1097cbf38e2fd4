// Messages in pages that change: what changes little is read little of, marks that stay are the same ones, and on a
// site where the person wants none looked for, nothing is read at all. What is read is counted where it is read, in
// the extension's own world of the page.

import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { expect, type Keyhearth, operate, test } from './keyhearth.ts'
import { expectMarks, marksOf } from './marks.ts'

/** The extension's own API, inside the worker. */
declare const chrome: typeof Browser

interface Counts {
  /** Characters of all texts that were asked for at once. */
  readonly characters: number
  /** Walks through all of the page. */
  readonly walks: number
}

const inWorldOf = async <Result>(
  keyhearth: Keyhearth,
  title: string,
  how: 'count' | 'counts',
): Promise<Result> =>
  (await keyhearth.worker()).evaluate(
    async ([name, what]) => {
      const [tab] = await chrome.tabs.query({ title: name })
      const target = { tabId: tab?.id ?? -1 }
      const count = () => {
        const counts = { characters: 0, walks: 0 }
        Object.assign(globalThis, { counts })
        const content = Object.getOwnPropertyDescriptor(Node.prototype, 'textContent')
        Object.defineProperty(Node.prototype, 'textContent', {
          ...content,
          get() {
            const text = content?.get?.call(this)
            counts.characters += text?.length ?? 0
            return text
          },
        })
        const walk = document.createTreeWalker.bind(document)
        document.createTreeWalker = (root, show, filter) => {
          if (root === document.body && ((show ?? 0) & NodeFilter.SHOW_ELEMENT) > 0) counts.walks++
          return walk(root, show, filter)
        }
      }
      const counts = () => Reflect.get(globalThis, 'counts')
      const func = what === 'count' ? count : counts
      const [first] = await chrome.scripting.executeScript({
        target,
        func,
        injectImmediately: true,
      })
      return first?.result as never
    },
    [title, how] as const,
  )

const count = (keyhearth: Keyhearth, title: string): Promise<void> =>
  inWorldOf(keyhearth, title, 'count')
const countsOf = (keyhearth: Keyhearth, title: string): Promise<Counts> =>
  inWorldOf(keyhearth, title, 'counts')

async function put(keyhearth: Keyhearth, Origin: string, Reading: 'on' | 'off' | 'ask') {
  const manager = await keyhearth.open('manager.html')
  await operate(manager, 'keyhearth:PutReading', { Origin, Reading })
  await manager.close()
}

const badgeOf = async (keyhearth: Keyhearth, title: string): Promise<string> =>
  (await keyhearth.worker()).evaluate(async (name) => {
    const [tab] = await chrome.tabs.query({ title: name })
    return chrome.action.getBadgeText({ tabId: tab?.id ?? 0 })
  }, title)

const append = (page: Page, html: string) =>
  page.evaluate((given) => {
    const holder = document.createElement('template')
    holder.innerHTML = given
    document.body.append(holder.content)
  }, html)

/** Half a megabyte. */
const long = '<p>words as people write them, and more of them. '.repeat(11_000)

test('of a long page that adds a thousand nodes a second to its end, what is added is read and not the page', async ({
  keyhearth,
  site,
}) => {
  test.setTimeout(90_000)
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('in the stream')
  const page = await keyhearth.context.newPage()
  await page.goto(
    site.page(`<title>Stream</title>${long}<script>
      window.added = 0
      window.stream = () => setInterval(() => {
        for (let i = 0; i < 10; i++) {
          document.body.append(Object.assign(document.createElement('p'), { textContent: 'tick ' + added++ }))
        }
      }, 10)
    </script>`),
  )
  // The first look, at all of it.
  await page.waitForTimeout(2500)
  await count(keyhearth, 'Stream')
  await page.evaluate('stream()')
  await expect.poll(() => page.evaluate('added')).toBeGreaterThan(4000)
  const { characters } = await countsOf(keyhearth, 'Stream')
  // It looks for real, and not at the half megabyte that stands before.
  expect(characters).toBeGreaterThan(10_000)
  expect(characters).toBeLessThan(100_000)
  await append(page, `<pre>${message}</pre>`)
  await expect.poll(() => badgeOf(keyhearth, 'Stream')).toBe('1+')
})

test('a message whose first line comes in pieces, each by itself, is found', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<title>Pieces</title>${long}`))
  await page.waitForTimeout(2500)
  for (const piece of ['-----BEGIN KEY', 'HEARTH', ' MESS', 'AGE-----']) {
    expect(await badgeOf(keyhearth, 'Pieces')).toBe('')
    await append(page, `<span>${piece}</span>`)
    await page.waitForTimeout(1200)
  }
  await expect.poll(() => badgeOf(keyhearth, 'Pieces')).toBe('1+')
})

test('on a site where none are to be looked for nothing is read, from the first moment and from the choice on', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('left alone')
  const page = await keyhearth.context.newPage()
  const address = site.page('<title>Alone</title><p>nothing yet</p>')
  await page.goto(address)
  await count(keyhearth, 'Alone')
  await append(page, '<p>some words</p>')
  await expect.poll(async () => (await countsOf(keyhearth, 'Alone')).characters).toBeGreaterThan(10)
  // Chosen while the page is open.
  await put(keyhearth, site.origin, 'off')
  const before = await countsOf(keyhearth, 'Alone')
  await append(page, `<pre>${message}</pre>`)
  await page.waitForTimeout(3000)
  expect(await countsOf(keyhearth, 'Alone')).toEqual(before)
  // And where the page comes afterwards, also when the browser has started anew and forgotten.
  await (await keyhearth.worker()).evaluate(() => chrome.scripting.unregisterContentScripts())
  await keyhearth.killWorker()
  await (await keyhearth.open('popup.html')).close()
  await page.goto(address)
  await count(keyhearth, 'Alone')
  await append(page, `<pre>${message}</pre>`)
  await page.waitForTimeout(3500)
  expect(await countsOf(keyhearth, 'Alone')).toEqual({ characters: 0, walks: 0 })
  expect(await badgeOf(keyhearth, 'Alone')).toBe('')
  // The page is told nothing of either.
  expect(
    await page.evaluate(() =>
      Reflect.ownKeys(window).filter((key) => String(key).includes('keyhearth')),
    ),
  ).toEqual([])
  await put(keyhearth, site.origin, 'ask')
  await expect.poll(() => badgeOf(keyhearth, 'Alone')).toBe('1+')
})

test('marks that stay are the same ones, and of a page only the part that changed is read again', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('one by one')
  await put(keyhearth, site.origin, 'on')
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<title>Thread</title><pre>${message}</pre><div id="later"></div>`))
  await expectMarks(page, 1)
  const [first] = await marksOf(page)
  await count(keyhearth, 'Thread')
  // Line by line, as a chat shows what is still being written.
  for (const line of message.trimEnd().split('\n')) {
    await page.evaluate((text) => {
      const row = Object.assign(document.createElement('div'), { textContent: text })
      document.querySelector('#later')?.append(row)
    }, line)
    await page.waitForTimeout(60)
  }
  await expectMarks(page, 2)
  await page.evaluate((text) => {
    document.body.prepend(Object.assign(document.createElement('pre'), { textContent: text }))
  }, message)
  await expectMarks(page, 3)
  const marks = await marksOf(page)
  expect(marks[1]?.element).toBe(first?.element)
  expect(marks.map(({ y }) => y)).toEqual(marks.map(({ y }) => y).toSorted((a, b) => a - b))
  expect((await countsOf(keyhearth, 'Thread')).walks).toBe(0)
  // A line in the middle that changes takes the mark along; what it says is another message, or none.
  await page.evaluate(() => {
    const row = document.querySelectorAll('#later div')[2]
    if (row) row.textContent = 'no line of it!'
  })
  await expectMarks(page, 2)
  expect((await marksOf(page))[1]?.element).toBe(first?.element)
})
