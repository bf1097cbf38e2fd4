// ui: what the person sees; speaks the protocol like any other client. This file: giving the person a file.

/** Among the downloads, under that name. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // The browser has taken its own hold of the content by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
