// The bare extension of the bench: what comes goes back, as it is, the way it came.

chrome.runtime.onMessage.addListener((message, _sender, send) => {
  send(message)
  return false
})

chrome.runtime.onConnect.addListener((port) => {
  port.onMessage.addListener((message) => port.postMessage(message))
})
