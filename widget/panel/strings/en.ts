/** The texts that the panel opens with. This file is the type: other languages must match it. */
export const en = {
  chat: 'Chat',
  /** Two names: where the launcher is in sight it is the one called "Close chat". */
  hide: 'Hide chat',
  close: 'Close chat',
  poweredBy: 'Powered by Parley',

  sendUsAMessage: 'Send us a message',
  usualAnswer(ms: number) {
    const minutes = Math.round(ms / 60_000)
    if (ms < 60_000) return 'Usually answers in under a minute'
    if (minutes < 55)
      return `Usually answers in about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`
    if (minutes < 90) return 'Usually answers in about an hour'
    return minutes < 1440 ? 'Usually answers in a few hours' : 'Usually answers in a day or more'
  },
  weAnswerHere: 'We will answer you here',
  nobodyShort: 'Nobody is here right now',

  message: 'Message',
  writeAMessage: 'Write a message…',
  sendMessage: 'Send message',
  previewIsOn: 'We can see what you are typing.',
  tooLong: (by: number) => `Too long by ${by}`,
  startNew: 'Start a new conversation',

  reconnecting: 'Reconnecting… what you write is kept and sent later.',
  refused: 'The chat is not available on this page.',
  outdated: 'This page is out of date. Please reload it.',
}

export type Strings = typeof en
