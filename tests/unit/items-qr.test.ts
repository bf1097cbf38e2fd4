// QR codes in pictures as people have them: enlarged, turned, on a page, in the dark, damaged, or not there.

import encodeQR from 'qr'
import { describe, expect, test } from 'vitest'
import { type Pixels, readQr } from '../../src/items/qr.ts'

const address = 'otpauth://totp/Example:alice@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Example'

type Shade = (x: number, y: number) => number

/** A picture from a shade of 0 to 255 for each place. */
function picture(width: number, height: number, shade: Shade): Pixels {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let at = 0; at < width * height; at++) {
    const value = shade(at % width, Math.floor(at / width))
    data.set([value, value, value, 255], at * 4)
  }
  return { width, height, data }
}

/** The code in the middle of a white picture, turned by an angle and enlarged. */
function turned(text: string, degrees: number, scale: number, options = {}): Pixels {
  const modules = encodeQR(text, 'raw', options)
  const side = Math.ceil(modules.length * scale * 1.6)
  const [sine, cosine] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)]
  const at: Shade = (x, y) => {
    const [dx, dy] = [(x + 0.5 - side / 2) / scale, (y + 0.5 - side / 2) / scale]
    const row = Math.floor(-dx * sine + dy * cosine + modules.length / 2)
    const column = Math.floor(dx * cosine + dy * sine + modules.length / 2)
    return modules[row]?.[column] ? 0 : 255
  }
  return picture(side, side, at)
}

describe('a code is read', () => {
  test.each([2, 3, 4, 7.5, 12])('%d pixels a module', (scale) => {
    expect(readQr(turned(address, 0, scale))).toBe(address)
  })

  test.each([5, 17, 30, 45, 60, 90, 135, 180, 200, 270, 345])('turned by %d degrees', (degrees) => {
    expect(readQr(turned(address, degrees, 6))).toBe(address)
  })

  test.each(['low', 'medium', 'quartile', 'high'] as const)('with %s correction', (ecc) => {
    expect(readQr(turned(address, 10, 5, { ecc }))).toBe(address)
  })

  test('on a page among other things', () => {
    const code = turned(address, 0, 5)
    const page = picture(1200, 800, (x, y) => {
      const [cx, cy] = [x - 700, y - 350]
      if (cx >= 0 && cy >= 0 && cx < code.width && cy < code.height) {
        return code.data[(cy * code.width + cx) * 4] ?? 0
      }
      return (x * 7 + y * 13) % 97 < 20 ? 90 : 240
    })
    expect(readQr(page)).toBe(address)
  })

  test('white on black', () => {
    const { width, height, data } = turned(address, 0, 5)
    expect(readQr(picture(width, height, (x, y) => 255 - (data[(y * width + x) * 4] ?? 0)))).toBe(
      address,
    )
  })

  test('grey on grey', () => {
    const { width, height, data } = turned(address, 0, 5)
    const dull = picture(width, height, (x, y) => 90 + (data[(y * width + x) * 4] ?? 0) / 4)
    expect(readQr(dull)).toBe(address)
  })

  test('black on nothing', () => {
    const { width, height, data } = turned(address, 0, 5)
    const clear = data.map((_value, at) => (at % 4 === 3 ? 255 - (data[at - 1] ?? 0) : 0))
    expect(readQr({ width, height, data: clear })).toBe(address)
  })

  test('with a stain on it', () => {
    const { width, height, data } = turned(address, 0, 6, { ecc: 'high' })
    const stained = picture(width, height, (x, y) =>
      Math.hypot(x - width / 2, y - height / 2) < width / 14 ? 0 : (data[(y * width + x) * 4] ?? 0),
    )
    expect(readQr(stained)).toBe(address)
  })

  test.each(['ünï códé', '日本語', '0123456789', 'HELLO WORLD', 'x'.repeat(500)])(
    'of %j',
    (text) => {
      expect(readQr(turned(text, 0, 4))).toBe(text)
    },
  )
})

describe('null', () => {
  test('for a picture without a code', () => {
    expect(readQr(picture(300, 200, () => 255))).toBeNull()
    expect(readQr(picture(300, 200, (x, y) => ((x ^ y) * 37) % 256))).toBeNull()
  })

  test('for a code of which a third is missing', () => {
    const { width, height, data } = turned(address, 0, 6)
    const torn = picture(width, height, (x, y) =>
      x < width / 2 ? 255 : (data[(y * width + x) * 4] ?? 0),
    )
    expect(readQr(torn)).toBeNull()
  })

  test.each([
    ['no pixels', 0, 0, 0],
    ['too few bytes', 10, 10, 399],
    ['too many bytes', 10, 10, 404],
    ['a side that is no number', Number.NaN, 10, 400],
    ['a broken side', 2.5, 4, 40],
    ['a negative side', -10, -10, 400],
    ['sides beyond counting', 2 ** 40, 2 ** 40, 4],
    ['one pixel', 1, 1, 4],
  ])('for %s', (_what, width, height, length) => {
    expect(readQr({ width, height, data: new Uint8ClampedArray(length) })).toBeNull()
  })
})
