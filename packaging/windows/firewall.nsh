; Windows asks about its firewall when a room is opened for the first time, and takes a cancelled question for a
; "no" that it never mentions again. An installer for all users runs elevated and answers beforehand, for private
; networks only; one for the current user may not, and docs/platforms.md says what to do then.
; Only ASCII here: the compiler reads this file in the machine's own code page.

!macro FORGET_FIREWALL_RULE
  nsExec::Exec 'netsh advfirewall firewall delete rule name="${PRODUCTNAME}" program="$INSTDIR\${MAINBINARYNAME}.exe"'
  Pop $0
!macroend

!macro NSIS_HOOK_POSTINSTALL
  ${If} $MultiUser.InstallMode == "AllUsers"
    !insertmacro FORGET_FIREWALL_RULE
    nsExec::Exec 'netsh advfirewall firewall add rule name="${PRODUCTNAME}" dir=in action=allow program="$INSTDIR\${MAINBINARYNAME}.exe" profile=private enable=yes'
    Pop $0
  ${EndIf}
!macroend

!macro NSIS_HOOK_PREUNINSTALL
  ${If} $MultiUser.InstallMode == "AllUsers"
    !insertmacro FORGET_FIREWALL_RULE
  ${EndIf}
!macroend
