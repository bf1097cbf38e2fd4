// ui: what the person sees; speaks the protocol like any other client. This file: the QR code in what the tab shows,
// or in a picture. Nothing of either is kept.

import { browser } from 'wxt/browser'
import { decodeBase64 } from '../codec/text.ts'

/** The text of the code, or `null` where there is none to be seen. */
export async function readVisibleTab(): Promise<string | null> {
  const address = await browser.tabs.captureVisibleTab({ format: 'png' })
  const bytes = decodeBase64(address.slice(address.indexOf(',') + 1))
  return readPicture(new Blob([bytes], { type: 'image/png' }))
}

export async function readPicture(picture: Blob): Promise<string | null> {
  const [{ readQr }, bitmap] = await Promise.all([
    import('../items/qr.ts'),
    createImageBitmap(picture).catch(() => null),
  ])
  if (!bitmap) return null
  const { width, height } = bitmap
  const drawing = new OffscreenCanvas(width, height).getContext('2d')
  drawing?.drawImage(bitmap, 0, 0)
  bitmap.close()
  return drawing ? readQr(drawing.getImageData(0, 0, width, height)) : null
}
