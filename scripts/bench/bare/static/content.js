// The bare extension of the bench: the hops of a page's call and nothing else. Page -> port -> here ->
// background, and back.

addEventListener('message', ({ data, ports: [port] }) => {
  if (data !== 'bare:port' || !port) return
  port.onmessage = async (event) => port.postMessage(await chrome.runtime.sendMessage(event.data))
})
