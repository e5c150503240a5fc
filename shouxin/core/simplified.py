"""Simplified Chinese for readers on the Mainland: words that OpenCC does not know, or knows from computers only.

A whole sentence that still reads wrong belongs into the room's `locale/zh_Hans/overrides.po`.
"""

import re
from functools import lru_cache

import opencc

# Traditional → as an insurer on the Mainland says it. The longest that fits is taken.
WORDS = {
    "「": "“", "」": "”", "『": "‘", "』": "’",
    # Insurance
    "要保書": "投保单", "要保人": "投保人", "要保中": "投保中", "保戶": "客户", "解約": "退保", "解除契約": "解除合同",
    "契約": "合同", "保單借款": "保单贷款", "停效": "合同效力中止", "傷害險": "意外险",
    "產險": "财产险", "通路": "渠道", "管道": "渠道", "遠距投保": "远程投保",
    "準備金": "现金价值", "暫時給付": "先予支付", "臨櫃": "临柜", "櫃檯": "柜面", "親訪": "临柜",
    # Service
    "申訴": "投诉", "承辦": "经办", "同仁": "同事", "答覆": "答复",
    "來訊": "来信", "訊息": "消息", "簡訊": "短信", "信箱": "邮箱", "據點": "网点", "組別": "小组", "法遵": "合规",
    "法令遵循": "合规", "人資": "人力资源", "監理機關": "监管机构", "主管機關": "监管机构", "身分": "身份",
    "登錄": "登记", "委任文件": "委托书", "委任": "委托", "代為洽辦": "代为办理", "紙本": "纸质", "行銷": "营销",
    "應備文件": "申请材料", "第二證件": "第二份证件", "證明文件": "证明材料", "補送文件": "补交材料", "文件": "材料",
    "缺件": "缺少的材料", "補件": "补充材料", "展延": "延期", "行事曆": "工作日历", "停班日": "停业日", "停班": "停业",
    "補班日": "调休上班日", "補班": "调休上班", "上班日": "工作日", "上班小時": "工作小时", "工作天": "工作日",
    "日曆天": "自然日", "送出": "提交", "請洽": "请联系", "或洽": "或联系", "專長": "技能", "紀錄": "记录",
    "末日": "最后一日", "主旨": "主题", "水準": "水平", "慣用": "首选", "補登": "补记", "費時": "用时",
    # Software; some of these OpenCC turns into another thing (檢視 → 查看, 指標 → 指针, 查詢 → 查找)
    "帳號": "账号", "對帳": "对账", "登出": "退出登录", "啟用": "启用", "停用": "停用", "重啟": "重新打开",
    "查詢": "查询", "複製": "复制", "複本": "副本", "指標": "指标", "核心": "核心", "批次": "批次", "新增": "新增",
    "資料庫": "数据库", "資料表": "数据表", "資料檔": "数据文件", "資料夾": "文件夹", "主資料夾": "数据文件夹",
    "範例資料": "示例数据", "範例": "示例", "範本": "模板", "個人資料": "个人信息", "個資": "个人信息",
    "個資料": "个资料", "個資料夾": "个文件夹",
    "聯絡資料": "联系方式", "資料": "资料", "對照檔": "对照文件", "文字檔": "文本文件", "申訴檔": "投诉文件",
    "欄名": "列名", "一列": "一行", "各列": "各行", "每列": "每行", "列數": "行数", "活頁簿": "工作簿",
    "權杖": "令牌", "背景工作": "后台任务", "背景程式": "后台程序", "擁有者": "所有者", "追蹤": "跟踪",
    "遮罩": "脱敏", "幣別": "币种", "管制界限": "控制界限", "更動": "更改", "透過": "通过", "檢視": "视图",
    "重新檢視": "重新审视", "迄日": "截止日", "起日": "起始日",
}  # fmt: skip
_WORD = re.compile("|".join(sorted(map(re.escape, WORDS), key=len, reverse=True)))


@lru_cache(maxsize=1)
def _opencc() -> opencc.OpenCC:
    return opencc.OpenCC("tw2sp")


def simplified(text: str) -> str:
    """Traditional text in, Simplified out; what WORDS tells is taken from there, all else from OpenCC.

    >>> simplified("要保人的申訴「指標」")
    '投保人的投诉“指标”'
    """
    parts, end = [], 0
    for found in _WORD.finditer(text):
        parts += [_opencc().convert(text[end : found.start()]), WORDS[found[0]]]
        end = found.end()
    return "".join([*parts, _opencc().convert(text[end:])])
