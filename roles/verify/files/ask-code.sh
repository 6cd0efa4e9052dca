# Asks for a code at the login of HOST, for EMAIL. SESSION keeps the cookies and the page. Prints nothing but trouble.
have curl || { echo "curl is missing on this machine"; exit 3; }
mkdir -p "$SESSION"
rm -f "$SESSION/jar"
ask --location --cookie "$SESSION/jar" --cookie-jar "$SESSION/jar" "https://$HOST/"
send email "$EMAIL" || { echo "no page that asks for an e-mail address: $(answer)"; exit 3; }
cp "$work/body" "$SESSION/page"
printf %s "$url" >"$SESSION/url"
