// ui: what the person sees; speaks the protocol like any other client. This file: a picture for the mark of a signature,
// such as one's written name, as plain pixels: nothing else of the file goes into the document.

import type { Picture } from '../pdf/index.ts'

/** Of the longer side: 300 to the inch on a mark of an inch and a half. */
const mostPixels = 480

/** `null` where the browser cannot read it. */
export async function readPicture(file: Blob): Promise<Picture | null> {
  const bitmap = await createImageBitmap(file).catch(() => null)
  if (!bitmap) return null
  const scale = Math.min(1, mostPixels / Math.max(bitmap.width, bitmap.height))
  const width = Math.max(1, Math.round(bitmap.width * scale))
  const height = Math.max(1, Math.round(bitmap.height * scale))
  const context = new OffscreenCanvas(width, height).getContext('2d')
  if (!context) return null
  context.drawImage(bitmap, 0, 0, width, height)
  bitmap.close()
  const { data } = context.getImageData(0, 0, width, height)
  return { kind: 'rgba', width, height, bytes: new Uint8Array(data) }
}
