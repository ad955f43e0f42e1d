const personal = ['Name', 'Mobile', 'Email', 'BizMail', 'Address', 'Telephone', 'Avatar', 'Alias', 'WelcomeCode']

/** The document with the contents of personal elements replaced; structure and ids stay readable. */
export function maskBody(xml: string): string {
  return personal.reduce(
    (text, element) =>
      text.replaceAll(
        new RegExp(`<${element}>[\\s\\S]*?</${element}>`, 'g'),
        `<${element}><![CDATA[***]]></${element}>`,
      ),
    xml,
  )
}
