// The bare extension of the bench: the hops of a page's call and nothing else. Page -> port -> here ->
// background, and back: by messages one by one, and by a port of the extension's that stays open.

addEventListener('message', ({ data, ports: [page] }) => {
  if (!page) return
  if (data === 'bare:messages') {
    page.onmessage = async (event) => page.postMessage(await chrome.runtime.sendMessage(event.data))
  }
  if (data === 'bare:port') {
    const background = chrome.runtime.connect()
    background.onMessage.addListener((message) => page.postMessage(message))
    page.onmessage = (event) => background.postMessage(event.data)
  }
})
