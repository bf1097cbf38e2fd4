// Design section 4 and "Read" of the pages: messages are found, marked where the person said so, and read in a
// frame that the page cannot look into.

import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { expect, type Keyhearth, passphrase, test } from './keyhearth.ts'
import { clickMark, closeOverlay, expectMarks, marksOf } from './marks.ts'

/** The extension's own API, inside the worker. */
declare const chrome: typeof Browser

const choose = async (keyhearth: Keyhearth, page: Page, words: string) => {
  await page.bringToFront()
  const popup = await keyhearth.open('popup.html?view=site')
  await popup.getByLabel('When this site shows encrypted messages').selectOption(words)
  await expect(popup.getByLabel('When this site shows encrypted messages')).toHaveValue(
    /on|off|ask/,
  )
  await popup.close()
  await page.bringToFront()
}

test('a message in a page is marked where the person said so, and read out of the page’s reach', async ({
  keyhearth,
  site,
}, info) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('at the bridge, https://example.com <b>x</b>')
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<title>Mail</title><p>Hello</p><pre>${message}</pre><p>Bye</p>`))
  const before = await page.evaluate(() => document.documentElement.outerHTML)
  await page.waitForTimeout(2500)
  expect(await page.evaluate(() => document.documentElement.outerHTML)).toBe(before)
  await choose(keyhearth, page, 'Mark them in the page')
  await expectMarks(page, 1)
  const overlay = await clickMark(page)
  await expect(overlay.getByLabel('Decrypted text')).toHaveText(
    'at the bridge, https://example.com <b>x</b>',
  )
  await expect(overlay.getByText('Encrypted in Keyhearth itself.')).toBeVisible()
  expect(await overlay.locator('output b, output a').count()).toBe(0)
  const seen = await page.evaluate(() => ({
    html: document.documentElement.outerHTML,
    inside: [...Array(window.length).keys()].map((at) => {
      try {
        return window[at]?.document.body.textContent ?? ''
      } catch (error) {
        return (error as Error).name
      }
    }),
  }))
  expect(seen.html).not.toContain('at the bridge')
  // A frame in a shadow tree is not even among the page's frames.
  expect(seen.inside).toEqual([])
  await page.screenshot({ path: info.outputPath('overlay.png') })
  await closeOverlay(page, overlay)
  expect(page.frames().length).toBe(1)
})

test('however the page shows it: quoted, split over elements, with breaks, in a frame of the site', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('found all the same')
  const lines = message.trimEnd().split('\n')
  const shapes = {
    quoted: `<blockquote>${lines.map((line) => `&gt; ${line}`).join('<br>')}</blockquote>`,
    split: `<p>${lines.map((line) => `<span>${line.slice(0, 9)}</span><b>${line.slice(9)}</b>`).join('<br>')}</p>`,
    blocks: lines.map((line) => `<div>${line}</div>`).join(''),
    rewrapped: `<p>${lines.join(' ')}</p>`,
    list: `<ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`,
  }
  const page = await keyhearth.context.newPage()
  // All of them in sight.
  await page.setViewportSize({ width: 1200, height: 3000 })
  await page.goto(site.page(`<title>Shapes</title>${Object.values(shapes).join('<hr>')}`))
  await choose(keyhearth, page, 'Mark them in the page')
  await expectMarks(page, Object.keys(shapes).length)
  for (const at of Object.keys(shapes).keys()) {
    const overlay = await clickMark(page, at)
    await expect(overlay.getByLabel('Decrypted text')).toHaveText('found all the same')
    await closeOverlay(page, overlay)
  }
  const inner = site.page(`<title>Inner</title><pre>${message}</pre>`)
  await page.goto(site.page(`<title>Framed</title><iframe src="${inner}" height="600"></iframe>`))
  await expectMarks(page, 1)
  const overlay = await clickMark(page)
  await expect(overlay.getByLabel('Decrypted text')).toHaveText('found all the same')
})

test('as chats, Markdown and mail render it: lines as links, in lists, struck through, with signs left over', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('found under all that')
  const lines = message.trimEnd().split('\n')
  const inner = lines.slice(1, -1)
  const around = (change: (line: string) => string, end = '<br>') =>
    [lines[0], ...inner.map(change), lines.at(-1)].join(end)
  const link = (line: string) =>
    `<a href="http://${line}" rel="noopener">${line.slice(0, 30)}<wbr>${line.slice(30)}</a>`
  const shapes = {
    links: `<p>${around(link)}</p>`,
    'links in blocks': `<div>${around((line) => `<div>${link(line)}</div>`, '')}</div>`,
    'links, with their addresses behind': `<p>${around((line) => `${line} &lt;http://${line}&gt;`)}</p>`,
    'struck through': `<p>${around((line) => `<s>${line}</s>`)}</p>`,
    'a list of numbers': `<ol>${around((line) => `<li><p>${line}</p></li>`, '')}</ol>`,
    'a list with its marks': `<p>${around((line) => `* ${line}`)}</p>`,
    'hard breaks': `<p>${around((line) => `${line}\\`)}</p>`,
    'a table of code': `<table>${lines.map((line) => `<tr><td><code>${line}</code></td></tr>`).join('')}</table>`,
    'tags to be read': `<p>${lines.join('&lt;br&gt;')}</p>`,
    'quoted in a quote': `<blockquote><blockquote>${lines.map((line) => `&gt;&gt; ${line}`).join('<br>')}</blockquote></blockquote>`,
  }
  const page = await keyhearth.context.newPage()
  await page.setViewportSize({ width: 1200, height: 5000 })
  await page.goto(site.page(`<title>Rendered</title>${Object.values(shapes).join('<hr>')}`))
  await choose(keyhearth, page, 'Mark them in the page')
  await expectMarks(page, Object.keys(shapes).length)
  for (const [at, name] of Object.keys(shapes).entries()) {
    const overlay = await clickMark(page, at)
    await expect(overlay.getByLabel('Decrypted text'), name).toHaveText('found under all that')
    await closeOverlay(page, overlay)
  }
})

test('messages in frames without an address are found where they are of the page, and nowhere else', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('in srcdoc')
  const framed = (attributes: string) =>
    `<iframe ${attributes} srcdoc="<pre>${message}</pre>"></iframe>`
  const page = await keyhearth.context.newPage()
  await page.setViewportSize({ width: 1200, height: 3000 })
  const tall = '<style>iframe { width: 1000px; height: 700px; display: block }</style>'
  await page.goto(site.page(`<title>Mail</title>${tall}${framed('')}`))
  await choose(keyhearth, page, 'Mark them in the page')
  await page.reload()
  await expectMarks(page, 1)
  const overlay = await clickMark(page)
  await expect(overlay.getByLabel('Decrypted text')).toHaveText('in srcdoc')
  // As editors and mail pages fill them: no address at all.
  await page.goto(site.page(`<title>Mail</title>${tall}<iframe></iframe>`))
  await page.evaluate((text) => {
    const inner = document.querySelector('iframe')?.contentDocument
    const pre = inner?.createElement('pre')
    if (!pre) return
    pre.textContent = text
    inner?.body.append(pre)
  }, message)
  await expectMarks(page, 1)
  // Of an opaque origin, of nobody, or of another site inside this one: none is marked, nor said to be there.
  const data = `<iframe src="data:text/html,${encodeURIComponent(`<pre>${message}</pre>`)}"></iframe>`
  const foreign = otherSite.page(framed(''))
  for (const inside of [framed('sandbox'), framed('sandbox="allow-scripts"'), data]) {
    await page.goto(site.page(`<title>Mail</title>${tall}${inside}`))
    await page.waitForTimeout(2500)
    expect(await marksOf(page), inside.slice(0, 40)).toEqual([])
    const popup = await keyhearth.open('popup.html?view=site')
    await expect(popup.getByLabel('When this site shows encrypted messages')).toBeVisible()
    const found = await (await keyhearth.worker()).evaluate(
      async (url) => {
        const [tab] = await chrome.tabs.query({ url: `${url}/*` })
        return tab?.id === undefined
          ? 'no tab'
          : chrome.tabs.sendMessage(tab.id, { keyhearth: 1, type: 'found' }).catch(() => 'nobody')
      },
      site.origin.replace(/:\d+$/, ''),
    )
    expect(found).not.toBe(true)
    await popup.close()
  }
  await page.goto(site.page(`<title>Mail</title>${tall}<iframe src="${foreign}"></iframe>`))
  await page.waitForTimeout(2500)
  expect(await marksOf(page)).toEqual([])
})

test('what comes later is marked, what goes is not; one changed letter says so', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('came later')
  const page = await keyhearth.context.newPage()
  await page.goto(site.page('<title>Chat</title><div id="chat"></div>'))
  await choose(keyhearth, page, 'Mark them in the page')
  const add = (text: string) =>
    page.evaluate((given) => {
      const line = document.createElement('pre')
      line.textContent = given
      document.querySelector('#chat')?.append(line)
    }, text)
  await add(message)
  await expectMarks(page, 1)
  const [, first = '', ...rest] = message.split('\n')
  const changed = first.slice(0, 40) + (first[40] === 'A' ? 'B' : 'A') + first.slice(41)
  await add(['-----BEGIN KEYHEARTH MESSAGE-----', changed, ...rest].join('\n'))
  await expectMarks(page, 2)
  const overlay = await clickMark(page, 1)
  await expect(overlay.getByRole('alert')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.evaluate(() => document.querySelector('#chat pre')?.remove())
  await expectMarks(page, 1)
  await choose(keyhearth, page, 'Do not look for them')
  await expectMarks(page, 0)
  await page.reload()
  await page.waitForTimeout(2000)
  await expectMarks(page, 0)
})

test('locked, it says where to unlock, and goes on after', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('after unlocking')
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<title>Mail</title><pre>${message}</pre>`))
  await choose(keyhearth, page, 'Mark them in the page')
  const popup = await keyhearth.popup()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await popup.close()
  await page.bringToFront()
  await expectMarks(page, 1)
  const overlay = await clickMark(page)
  expect(await overlay.locator('input').count()).toBe(0)
  const window = await keyhearth.opened('popup.html', () =>
    overlay.getByRole('button', { name: 'Unlock in Keyhearth' }).click(),
  )
  await window.getByLabel('Passphrase').fill(passphrase)
  await window.getByRole('button', { name: 'Unlock' }).click()
  await expect(overlay.getByLabel('Decrypted text')).toHaveText('after unlocking')
})

test('without the person’s word a page with a message only puts a sign on the toolbar', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('told in the toolbar')
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<title>Mail</title><pre>${message}</pre>`))
  const badge = () =>
    (async () =>
      (await keyhearth.worker()).evaluate(async () => {
        const [tab] = await chrome.tabs.query({ title: 'Mail' })
        return chrome.action.getBadgeText({ tabId: tab?.id ?? 0 })
      }))()
  await expect.poll(badge).toBe('1+')
  await page.goto(site.page('<title>Mail</title><p>nothing</p>'))
  await expect.poll(badge).toBe('')
  await page.goBack()
  await expect.poll(badge).toBe('1+')
  const popup = await keyhearth.open('popup.html?view=site')
  await popup.getByRole('button', { name: 'Mark them, to read them here' }).click()
  await expect(popup.getByLabel('When this site shows encrypted messages')).toHaveValue('on')
  await page.bringToFront()
  await expectMarks(page, 1)
})

test('a click the page makes opens nothing, and no other page has use for the overlay', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('not for scripts')
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<title>Mail</title><pre>${message}</pre>`))
  await choose(keyhearth, page, 'Mark them in the page')
  await expectMarks(page, 1)
  const [mark] = await marksOf(page)
  await page.evaluate(({ x, y }) => {
    const target = document.elementFromPoint(x, y)
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
      target?.dispatchEvent(
        new MouseEvent(type, { bubbles: true, composed: true, clientX: x, clientY: y }),
      )
    }
    ;(target as HTMLElement | null)?.click()
  }, mark ?? { x: 0, y: 0 })
  await page.waitForTimeout(1000)
  expect(page.frames().length).toBe(1)
  // The overlay by its fixed address, as any page could try it.
  const { id } = keyhearth
  const framed = await page.evaluate(async (url) => {
    const frame = document.createElement('iframe')
    frame.src = url
    document.body.append(frame)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return fetch(url).then(
      () => 'fetched',
      () => 'refused',
    )
  }, `chrome-extension://${id}/overlay.html`)
  expect(framed).toBe('refused')
  const framedUrls = page.frames().map((frame) => frame.url())
  expect(framedUrls.filter((url) => url.startsWith('chrome-extension:'))).toEqual([])
})

test('five megabytes with a thousand messages are read, and the page goes on', async ({
  keyhearth,
  site,
}) => {
  test.setTimeout(120_000)
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('one of a thousand')
  const filler = 'words between the messages, as people write them. '.repeat(85)
  const page = await keyhearth.context.newPage()
  const posts = Array.from({ length: 1000 }, () => `<p>${filler}</p><pre>${message}</pre>`)
  await page.goto(site.page(`<title>Thread</title>${posts.join('')}`))
  expect(await page.evaluate(() => document.body.textContent.length)).toBeGreaterThan(5_000_000)
  await choose(keyhearth, page, 'Mark them in the page')
  await page.evaluate(() => document.querySelectorAll('pre')[900]?.scrollIntoView())
  await expect
    .poll(async () => (await marksOf(page)).length, { timeout: 20_000 })
    .toBeGreaterThan(0)
  const overlay = await clickMark(page)
  await expect(overlay.getByLabel('Decrypted text')).toHaveText('one of a thousand')
})

test('a page that changes a thousand nodes a second keeps its pace, and its messages are marked', async ({
  keyhearth,
  site,
}) => {
  test.setTimeout(120_000)
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('in the storm')
  const page = await keyhearth.context.newPage()
  await page.goto(
    site.page(`<title>Storm</title><pre>${message}</pre><div id="storm"></div><script>
      const storm = document.querySelector('#storm')
      window.ticks = 0
      setInterval(() => {
        ticks++
        const fresh = Array.from({ length: 50 }, (_, at) => {
          const line = document.createElement('p')
          line.textContent = 'tick ' + ticks + ' line ' + at
          return line
        })
        storm.replaceChildren(...fresh)
      }, 50)
    </script>`),
  )
  await choose(keyhearth, page, 'Mark them in the page')
  await expectMarks(page, 1)
  const before = await page.evaluate(() => Number(Reflect.get(window, 'ticks')))
  await page.waitForTimeout(5000)
  const after = await page.evaluate(() => Number(Reflect.get(window, 'ticks')))
  // 20 a second; half of that would be a page that stutters.
  expect(after - before).toBeGreaterThan(50)
  await expectMarks(page, 1)
  const overlay = await clickMark(page)
  await expect(overlay.getByLabel('Decrypted text')).toHaveText('in the storm')
})
