import {
  ApartmentOutlined,
  BarChartOutlined,
  CommentOutlined,
  FileTextOutlined,
  GiftOutlined,
  HomeOutlined,
  QrcodeOutlined,
  SendOutlined,
  SettingOutlined,
  ShoppingOutlined,
  TeamOutlined,
  UserOutlined,
} from '@ant-design/icons'
import type { ReactNode } from 'react'

export const groupIcons: Record<string, ReactNode> = {
  home: <HomeOutlined />,
  acquisition: <QrcodeOutlined />,
  customers: <UserOutlined />,
  groups: <TeamOutlined />,
  engagement: <SendOutlined />,
  campaigns: <GiftOutlined />,
  content: <FileTextOutlined />,
  conversations: <CommentOutlined />,
  organisation: <ApartmentOutlined />,
  commerce: <ShoppingOutlined />,
  insights: <BarChartOutlined />,
  settings: <SettingOutlined />,
}
