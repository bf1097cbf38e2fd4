// items: what people keep, and what is made of it; pure. This file: the text of a QR code in a picture.

import decodeQR from 'qr/decode.js'

/** As `CanvasRenderingContext2D.getImageData` gives them: four bytes a pixel, red, green, blue, alpha. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray
}

/** A screen of 8K; more is no picture of a code, and its search would hold up everything else. */
const maxPixels = 7680 * 4320
/** One picture is worth more searching than one of a camera's many, for which the library sets 16 ms. */
const search = { format: 'RGBA', effort: 4, timeLimit: 1000 } as const
const maxTextLength = 4096

/** `null` where no code is found, or what is found is no text that one could use. */
export function readQr(pixels: Pixels): string | null {
  const { width, height, data } = pixels
  const whole = Number.isSafeInteger(width) && Number.isSafeInteger(height)
  if (!whole || width < 1 || height < 1 || width * height > maxPixels) return null
  if (data.length !== width * height * 4) return null
  const onWhite = blendWithWhite(data)
  const text =
    decode({ width, height, data: onWhite }) ?? decode({ width, height, data: inverted(onWhite) })
  return text === null || text === '' || text.length > maxTextLength ? null : text
}

function decode(pixels: Pixels): string | null {
  try {
    return decodeQR(pixels, search)
  } catch {
    // The library throws where it finds nothing, and where what it finds is damaged beyond repair.
    return null
  }
}

/** Dark themes show codes white on black, which the library does not look for. */
function inverted(data: Uint8ClampedArray): Uint8ClampedArray {
  const copy = new Uint8ClampedArray(data.length)
  for (let at = 0; at < data.length; at++) copy[at] = 255 - (data[at] ?? 0)
  return copy
}

/** What is transparent in a picture is black to a reader that ignores alpha, and white to a person. */
function blendWithWhite(data: Uint8ClampedArray): Uint8ClampedArray {
  const copy = new Uint8ClampedArray(data.length)
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 255
    for (let colour = at; colour < at + 3; colour++) {
      copy[colour] = 255 + (((data[colour] ?? 0) - 255) * alpha) / 255
    }
    copy[at + 3] = 255
  }
  return copy
}
