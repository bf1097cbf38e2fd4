// pdf: PDF files read strictly, signed and compared; pure. This file: the visible mark of a signature: lines of text and a
// picture, as an appearance stream (ISO 32000-2 section 12.5.5).

import type { Bytes } from '../codec/bytes.ts'
import { fail } from './errors.ts'
import { deflate } from './filters.ts'
import { array, dictionary, name, type PdfReference, stream } from './objects.ts'
import { latin1 } from './serialise.ts'
import type { IncrementalUpdate } from './update.ts'
import { showText, textWidth } from './winAnsi.ts'

export type Picture =
  | { readonly kind: 'jpeg'; readonly bytes: Bytes }
  /** Four bytes per pixel, rows from the top, not premultiplied. */
  | {
      readonly kind: 'rgba'
      readonly width: number
      readonly height: number
      readonly bytes: Bytes
    }

export interface Mark {
  /** In points, as seen on the turned page. */
  readonly width: number
  readonly height: number
  readonly rotate: 0 | 90 | 180 | 270
  readonly lines: readonly string[]
  readonly picture: Picture | undefined
}

/** So that the mark stands upright on a turned page; the viewer fits the turned box to the rectangle. */
const matrices = {
  0: [1, 0, 0, 1, 0, 0],
  90: [0, 1, -1, 0, 0, 0],
  180: [-1, 0, 0, -1, 0, 0],
  270: [0, -1, 1, 0, 0, 0],
} as const

const padding = 3
const mostFontSize = 12
const leading = 1.2

/** The appearance stream of the mark. */
export function addAppearance(update: IncrementalUpdate, mark: Mark): PdfReference {
  const picture = mark.picture && addPicture(update, mark.picture)
  const hasText = mark.lines.length > 0
  const pictureWidth = picture
    ? Math.min(mark.width * (hasText ? 0.4 : 1), picture.aspect * mark.height)
    : 0
  const content = [
    picture ? drawPicture(mark, pictureWidth, picture.aspect) : '',
    hasText ? drawLines(mark, pictureWidth) : '',
  ].join('')
  const font = dictionary({
    Type: name('Font'),
    Subtype: name('Type1'),
    BaseFont: name('Helvetica'),
    Encoding: name('WinAnsiEncoding'),
  })
  const resources = dictionary({
    Font: hasText ? dictionary({ F1: font }) : undefined,
    XObject: picture ? dictionary({ Im1: picture.reference }) : undefined,
  })
  const entries = dictionary({
    Type: name('XObject'),
    Subtype: name('Form'),
    BBox: array(0, 0, mark.width, mark.height),
    Matrix: array(...matrices[mark.rotate]),
    Resources: resources,
  })
  return update.add(stream(entries, latin1(content)))
}

const fixed = (value: number) => value.toFixed(3)

function drawPicture(mark: Mark, width: number, aspect: number): string {
  const height = width / aspect
  const left = mark.lines.length > 0 ? 0 : (mark.width - width) / 2
  const bottom = (mark.height - height) / 2
  return `q ${fixed(width)} 0 0 ${fixed(height)} ${fixed(left)} ${fixed(bottom)} cm /Im1 Do Q\n`
}

/** As large as fits, up to 12 points. */
function drawLines(mark: Mark, left: number): string {
  const room = Math.max(1, mark.width - left - 2 * padding)
  const widest = Math.max(1, ...mark.lines.map(textWidth)) / 1000
  const byHeight = (mark.height - 2 * padding) / (mark.lines.length * leading)
  const size = Math.max(0.5, Math.min(mostFontSize, room / widest, byHeight))
  const block = size * leading * mark.lines.length
  const top = mark.height / 2 + block / 2 - size * 0.95
  const lines = mark.lines.map((line) => `${showText(line)} T*\n`).join('')
  const start = `${fixed(left + padding)} ${fixed(top)} Td`
  return `q BT 0 g /F1 ${fixed(size)} Tf ${fixed(size * leading)} TL ${start}\n${lines}ET Q\n`
}

interface AddedPicture {
  readonly reference: PdfReference
  readonly aspect: number
}

function addPicture(update: IncrementalUpdate, picture: Picture): AddedPicture {
  return picture.kind === 'jpeg' ? addJpeg(update, picture.bytes) : addPixels(update, picture)
}

const imageOf = (width: number, height: number, space: string) => ({
  Type: name('XObject'),
  Subtype: name('Image'),
  Width: width,
  Height: height,
  ColorSpace: name(space),
  BitsPerComponent: 8,
})

function addJpeg(update: IncrementalUpdate, bytes: Bytes): AddedPicture {
  const { width, height, components } = readJpegFrame(bytes)
  const space =
    components === 1 ? 'DeviceGray' : components === 3 ? 'DeviceRGB' : fail('bad-picture')
  const entries = dictionary({ ...imageOf(width, height, space), Filter: name('DCTDecode') })
  return { reference: update.add(stream(entries, bytes)), aspect: width / height }
}

/** ITU-T T.81 section B.2.2: the frame header, whichever process. */
function readJpegFrame(bytes: Bytes): { width: number; height: number; components: number } {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) fail('bad-picture')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 10 < bytes.byteLength; ) {
    const marker = bytes[at + 1] ?? 0
    if (bytes[at] !== 0xff) fail('bad-picture')
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)]
    if (isFrame && width > 0 && height > 0) return { width, height, components: bytes[at + 9] ?? 0 }
    at += 2 + view.getUint16(at + 2)
  }
  return fail('bad-picture')
}

function addPixels(
  update: IncrementalUpdate,
  { width, height, bytes }: Extract<Picture, { kind: 'rgba' }>,
): AddedPicture {
  const pixels = width * height
  if (!(pixels > 0) || pixels > 2 ** 24 || bytes.byteLength !== pixels * 4) fail('bad-picture')
  const colours = new Uint8Array(pixels * 3)
  const alphas = new Uint8Array(pixels)
  for (let at = 0; at < pixels; at++) {
    colours.set(bytes.subarray(at * 4, at * 4 + 3), at * 3)
    alphas[at] = bytes[at * 4 + 3] ?? 0
  }
  const filter = { Filter: name('FlateDecode') }
  const maskEntries = dictionary({ ...imageOf(width, height, 'DeviceGray'), ...filter })
  const mask = update.add(stream(maskEntries, deflate(alphas)))
  const entries = dictionary({ ...imageOf(width, height, 'DeviceRGB'), ...filter, SMask: mask })
  return { reference: update.add(stream(entries, deflate(colours))), aspect: width / height }
}
