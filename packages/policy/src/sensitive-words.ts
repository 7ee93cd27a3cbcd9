/**
 * Words of health, money and legal standing, in English and Japanese: those that speak of a person
 * rather than of goods, so that "price", "card" or "doctor's novel" pass.
 */

/** English words stand alone, between any signs but letters; `*` = any ending. */
function wordsOf(english: readonly string[], japanese: RegExp): (text: string) => boolean {
  const words = english.map((word) => word.replace('*', '[a-z]*').replaceAll(' ', '[ ._~-]?'))
  const pattern = new RegExp(`(?<![a-z])(?:${words.join('|')})(?![a-z])`, 'i')
  return (text) => pattern.test(text) || japanese.test(text)
}

export const HEALTH_WORDS = wordsOf(
  [
    'diagnos*',
    'disease*',
    'illness*',
    'cancer',
    'hiv',
    'diabet*',
    'pregnan*',
    'prescription*',
    'medical record*',
    'medical history',
    'blood test*',
    'test result*',
    'patient',
    'patients',
    'psychiatr*',
    'depression',
    'chemotherapy',
    'surgery',
    'disabilit*',
    'abortion*',
  ],
  /病気|病歴|診断|診療|処方|通院|入院|手術|妊娠|中絶|癌|糖尿病|うつ病|検査結果|患者|障害者|持病/,
)

export const FINANCE_WORDS = wordsOf(
  [
    'bank account*',
    'account number*',
    'credit card*',
    'debit card*',
    'card number*',
    'credit score*',
    'salary',
    'income',
    'loan',
    'loans',
    'mortgage*',
    'debt*',
    'bankrupt*',
    'tax return*',
    'cvv',
    'cvc',
  ],
  // The look-behind lets drones and clones pass.
  /口座|クレジットカード|カード番号|(?<![ドク])ローン|借金|年収|給与|給料|残高|債務|破産|与信|納税/,
)

export const LEGAL_WORDS = wordsOf(
  [
    'criminal record*',
    'arrest*',
    'lawsuit*',
    'divorce*',
    'immigration status',
    'probation',
    'conviction*',
  ],
  /前科|逮捕|訴訟|離婚|在留資格|犯罪歴/,
)
