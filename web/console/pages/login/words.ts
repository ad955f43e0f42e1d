import { defineWords } from '#shared/i18n/words.ts'

export const words = defineWords(
  'login',
  {
    title: '登录暖域',
    promise: '让每一位客户，都被记得。',
    promiseText: '从扫码到欢迎，从了解到陪伴：把企业微信里的客户关系做得专业而有温度。',
    username: '账号',
    password: '密码',
    submit: '登录',
    submitting: '正在登录…',
    wecom: '用企业微信扫码登录',
    'wecom.corp': '用{{name}}的企业微信扫码登录',
    or: '或',
    'missing.username': '请输入账号。',
    'missing.password': '请输入密码。',
    failed: '没有登录成功',
    ended: '登录已过期，请重新登录。登录后会回到刚才的页面。',
  },
  {
    title: 'Log in to Nuanyu',
    promise: 'Every customer, remembered.',
    promiseText:
      'From the scan to the welcome, from knowing to staying: customer relations in WeCom, done with skill and warmth.',
    username: 'Account',
    password: 'Password',
    submit: 'Log in',
    submitting: 'Logging in…',
    wecom: 'Log in by scanning with WeCom',
    'wecom.corp': 'Log in with the WeCom of {{name}}',
    or: 'or',
    'missing.username': 'Please enter your account.',
    'missing.password': 'Please enter your password.',
    failed: 'You are not logged in',
    ended: 'Your session has ended. Log in again and you return to the page you were on.',
  },
)
