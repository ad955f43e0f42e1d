import { UserOutlined } from '@ant-design/icons'
import { Avatar } from 'antd'

/** The customer's picture; the name stands beside it, so it says nothing to a screen reader. */
export function Face({ url, size = 32 }: { url: string | null; size?: number }) {
  return <Avatar size={size} icon={<UserOutlined />} alt="" {...(url === null ? {} : { src: url })} />
}
