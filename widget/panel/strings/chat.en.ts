/** The texts of a conversation. This file is the type: other languages must match it. */
export const chatEn = {
  back: 'Back',
  menu: 'More',
  conversations: 'Your conversations',
  you: 'You',
  newMessages: (count: number) => `${count} new`,

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
  answerGoesTo: 'Nobody is here right now. We will answer to ',
  yourEmail: 'your e-mail address',
  email: 'E-mail',
  saveEmail: 'Save',
  changeEmail: 'Change',
  wrongEmail: 'This does not look like an e-mail address.',

  endChat: 'End chat',
  endChatQuestion: 'End this chat?',
  keepChat: 'Keep it',
  couldNotEnd: 'The chat could not be ended. Please try again.',
}

export type ChatStrings = typeof chatEn
