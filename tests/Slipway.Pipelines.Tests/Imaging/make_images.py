# Makes images.txt: small files of every kind and what the reference decoders give for them, a line each:
# name, width, height, channels, SHA-256 of the samples, the file in base64.
# Needs Pillow and cjpeg (Debian: python3-pil libjpeg-turbo-progs); run it in a folder of its own.
from PIL import Image
import hashlib, io, subprocess, random, base64, os
random.seed(7)
def picture(w,h,mode="RGB"):
    im=Image.new("RGB",(w,h)); px=im.load()
    for y in range(h):
        for x in range(w):
            px[x,y]=((x*9+y*3)%256,(255-x*5+y*y)%256,((x*y)+random.randrange(40))%256)
    return im.convert(mode)
out=[]
def add(name,data,ref):
    im=Image.open(io.BytesIO(data)); im.load()
    im = ref(im) if ref else im
    if im.mode not in("RGB","L"): raise Exception(im.mode)
    out.append((name,data,im.size,1 if im.mode=="L" else 3,hashlib.sha256(im.tobytes()).hexdigest()))
def save(im,fmt,**k):
    b=io.BytesIO(); im.save(b,fmt,**k); return b.getvalue()
for (w,h) in ((37,29),):
    im=picture(w,h)
    for ss,n in ((0,"444"),(1,"422"),(2,"420")):
        for prog in (False,True):
            add(f"jpeg-{n}{'-progressive' if prog else ''}",save(im,"JPEG",quality=70,subsampling=ss,progressive=prog),None)
    add("jpeg-grey",save(picture(w,h,"L"),"JPEG",quality=80),None)
    add("jpeg-grey-progressive",save(picture(w,h,"L"),"JPEG",quality=80,progressive=True),None)
    add("jpeg-optimized",save(im,"JPEG",quality=95,optimize=True),None)
    add("jpeg-coarse",save(im,"JPEG",quality=3,subsampling=2),None)
for (w,h) in ((1,1),(2,3),(3,2),(8,8),(16,17),(65,5)):
    add(f"jpeg-420-{w}x{h}",save(picture(w,h),"JPEG",quality=85,subsampling=2),None)
    add(f"jpeg-420-progressive-{w}x{h}",save(picture(w,h),"JPEG",quality=85,subsampling=2,progressive=True),None)
def cj(args,im):
    b=io.BytesIO(); im.save(b,"PPM")
    return subprocess.run(["cjpeg"]+args,input=b.getvalue(),stdout=subprocess.PIPE,check=True).stdout
im=picture(37,29)
for s in ("1x2","4x1","1x4","4x2","2x4"):
    add(f"jpeg-sample-{s}",cj(["-quality","75","-sample",s],im),None)
add("jpeg-restart",cj(["-quality","75","-sample","2x2","-restart","2B"],im),None)
add("jpeg-restart-progressive",cj(["-quality","75","-sample","2x2","-restart","1","-progressive"],im),None)
add("jpeg-rgb",cj(["-quality","75","-rgb"],im),None)
add("jpeg-odd-sampling",cj(["-quality","75","-sample","2x2,2x1,1x2"],im),None)
open("scans.txt","w").write("0;\n1;\n2;\n")
add("jpeg-separate-scans",cj(["-quality","75","-sample","2x1","-scans","scans.txt"],im),None)
# PNG
add("png-rgb",save(im,"PNG"),None)
add("png-rgba",save(im.convert("RGBA"),"PNG"),lambda i:i.convert("RGB"))
add("png-grey",save(im.convert("L"),"PNG"),None)
add("png-grey-alpha",save(im.convert("LA"),"PNG"),lambda i:i.convert("L"))
add("png-bit",save(im.convert("1"),"PNG"),lambda i:i.convert("L"))
for c,b in ((200,8),(16,4),(4,2),(2,1)):
    add(f"png-palette-{b}",save(im.quantize(c),"PNG",bits=b),lambda i:i.convert("RGB"))
# Kinds that the writer above has not: interlaced, 16 bits, filters, small depths. Written by the specification; interlaced ones are read back by the reference.
import zlib, struct
def png(w,h,depth,color,rows,interlace=0,plte=None):
    def ch(t,d): return struct.pack(">I",len(d))+t+d+struct.pack(">I",zlib.crc32(t+d))
    s=b"\x89PNG\r\n\x1a\n"+ch(b"IHDR",struct.pack(">IIBBBBB",w,h,depth,color,0,0,interlace))
    if plte: s+=ch(b"PLTE",plte)
    z=zlib.compress(rows,9); k=max(1,len(z)//3)
    for i in range(0,len(z),k): s+=ch(b"IDAT",z[i:i+k])
    return s+ch(b"tEXt",b"a\0b")+ch(b"IEND",b"")
P=[(0,0,8,8),(4,0,8,8),(0,4,4,8),(2,0,4,4),(0,2,2,4),(1,0,2,2),(0,1,1,2)]
def filt(rows,bpp):
    res=b"";prev=bytes(len(rows[0]))
    for n,r in enumerate(rows):
        f=n%5; o=bytearray()
        for i in range(len(r)):
            a=r[i-bpp] if i>=bpp else 0; b=prev[i]; c=prev[i-bpp] if i>=bpp else 0
            p=a+b-c; pa,pb,pc=abs(p-a),abs(p-b),abs(p-c)
            pr=a if pa<=pb and pa<=pc else b if pb<=pc else c
            o.append((r[i]-[0,a,b,(a+b)//2,pr][f])%256)
        res+=bytes([f])+bytes(o); prev=r
    return res
def pack(samples,depth):
    if depth==16: return b"".join(struct.pack(">H",s) for s in samples)
    if depth==8: return bytes(samples)
    bits="".join(format(s,f"0{depth}b") for s in samples); bits+="0"*(-len(bits)%8)
    return bytes(int(bits[i:i+8],2) for i in range(0,len(bits),8))
def make(name,w,h,depth,color,interlace):
    spp={0:1,2:3,3:1,4:2,6:4}[color]; top=(1<<depth)
    px=[[[random.randrange(top) for _ in range(spp)] for x in range(w)] for y in range(h)]
    plte=bytes(random.randrange(256) for _ in range(3*min(256,top))) if color==3 else None
    data=b""
    for (x0,y0,dx,dy) in (P if interlace else [(0,0,1,1)]):
        rows=[pack([s for x in range(x0,w,dx) for s in px[y][x]],depth) for y in range(y0,h,dy)]
        if rows and len(rows[0]): data+=filt(rows,max(1,spp*depth//8))
    exp=bytearray()
    sc=lambda v:(v*255+(top-1)//2)//(top-1)
    for y in range(h):
        for x in range(w):
            p=px[y][x]
            exp+= plte[3*p[0]:3*p[0]+3] if color==3 else bytes([sc(p[0])]) if color in(0,4) else bytes(sc(v) for v in p[:3])
    f=png(w,h,depth,color,data,interlace,plte)
    im=Image.open(io.BytesIO(f)); im.load()
    if depth<16 and color in(2,3,6):
        assert im.convert("RGB").tobytes()==bytes(exp),name
    if depth<16 and color==0: assert im.convert("L").tobytes()==bytes(exp),name
    out.append((name,f,(w,h),1 if color in(0,4) else 3,hashlib.sha256(bytes(exp)).hexdigest()))
for depth,color in ((1,0),(2,0),(4,0),(8,0),(16,0),(8,2),(16,2),(1,3),(2,3),(4,3),(8,3),(8,4),(16,4),(8,6),(16,6)):
    for il in (0,1): make(f"png-{color}-{depth}{'-interlaced' if il else ''}",11,9,depth,color,il)
make("png-1x1-interlaced",1,1,8,2,1); make("png-3x1-interlaced",3,1,8,2,1)
lines=[f"{n} {s[0]} {s[1]} {c} {h} {base64.b64encode(d).decode()}" for n,d,s,c,h in out]
open("images.txt","w").write("\n".join(lines)+"\n")
print(len(out),sum(len(o[1]) for o in out))
