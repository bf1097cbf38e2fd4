// A text that a site asks to have signed, and the other websites it names.

import { expect, test } from 'vitest'
import { otherOrigins } from '../../src/ui/namedOrigins.ts'

const asking = 'https://shop.example'

test.each([
  ['nothing to be seen here', []],
  ['https://shop.example/order?id=1 and HTTPS://SHOP.EXAMPLE:443/', []],
  ['{"aud":"https://bank.example/login","nonce":"1"}', ['https://bank.example']],
  ['{"aud":"https:\\/\\/bank.example\\/login"}', ['https://bank.example']],
  ['bank.example wants you to sign in:\nURI: https://bank.example', ['https://bank.example']],
  ['http://shop.example', ['http://shop.example']],
  ['https://shop.example:8443', ['https://shop.example:8443']],
  ['https://shop.example.', ['https://shop.example.']],
  ['https://shop.example.evil.example', ['https://shop.example.evil.example']],
  ['https://shop.example@evil.example', ['https://evil.example']],
  ['https://sh\u043ep.example', ['https://xn--shp-ted.example']],
  [
    'https://a.example https://a.example/x https://b.example',
    ['https://a.example', 'https://b.example'],
  ],
  ['https://', []],
])('%j names %j', (text, origins) => {
  expect(otherOrigins(text, asking)).toEqual(origins)
})

test('a frame is asked for its own origin, not for the page around it', () => {
  const pair = 'https://shop.example in https://bank.example'
  expect(otherOrigins('https://shop.example', pair)).toEqual([])
  expect(otherOrigins('https://bank.example', pair)).toEqual(['https://bank.example'])
})

test('the first few are enough, of a text of any length', () => {
  const text = Array.from({ length: 50_000 }, (_, at) => `https://site-${at}.example `).join('')
  expect(otherOrigins(text, asking)).toHaveLength(3)
})
