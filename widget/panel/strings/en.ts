/** Every text of the panel. This file is the type: other languages must match it. */
export const en = {
  chat: 'Chat',
  close: 'Close chat',
  back: 'Back',
  menu: 'More',
  poweredBy: 'Powered by Parley',

  sendUsAMessage: 'Send us a message',
  conversations: 'Your conversations',
  you: 'You',
  newMessages: (count: number) => `${count} new`,
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

  online: 'Online',
  away: 'Away',
  waiting: 'Waiting for an answer',
  joined: ' joined',
  ended: 'Chat ended',
  reopened: 'Chat reopened',
  today: 'Today',
  yesterday: 'Yesterday',
  history: 'Messages',
  isTyping: (name: string) => `${name} is typing`,
  somebody: 'Somebody',
  toNewMessages: 'New messages',

  sending: 'Sending…',
  sent: 'Sent',
  read: 'Read',
  notSent: 'Not sent',
  tryAgain: 'Try again',
  why: {
    'conversation-closed': 'This chat has ended.',
    'text-too-long': 'The message is too long.',
    'too-many-open': 'You have too many open chats.',
  } as Readonly<Record<string, string>>,

  place: (place: number) => (place <= 1 ? 'You are next' : `You are number ${place} in line`),
  nobodyHere: 'Nobody is here right now. Leave your message and e-mail, we will answer there.',
  email: 'E-mail',
  saveEmail: 'Save',
  changeEmail: 'Change',
  wrongEmail: 'This does not look like an e-mail address.',
  answerGoesTo: 'Nobody is here right now. We will answer to ',
  answerGoesToYourEmail: 'Nobody is here right now. We will answer to your e-mail address.',

  message: 'Message',
  writeAMessage: 'Write a message…',
  sendMessage: 'Send message',
  previewIsOn: 'We can see what you are typing.',
  tooLong: (by: number) => `Too long by ${by}`,

  endChat: 'End chat',
  endChatQuestion: 'End this chat?',
  keepChat: 'Keep it',
  couldNotEnd: 'The chat could not be ended. Please try again.',
  startNew: 'Start a new conversation',

  reconnecting: 'Reconnecting… what you write is kept and sent later.',
  refused: 'The chat is not available on this page.',
  outdated: 'This page is out of date. Please reload it.',
}

export type Strings = typeof en
