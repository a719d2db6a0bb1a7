using System.Globalization;
using System.Numerics;
using System.Text;
using Slipway.Core;
using static Slipway.Formats.Pickle.PickleOpcode;

namespace Slipway.Formats.Pickle;

/// <summary>
/// Reads a pickle (protocols 0 to 5), or a joblib dump, as data. Nothing that the file names is imported, constructed or called: calls become
/// inert <see cref="PickleObject"/>s, a handful of NumPy and builtin forms become values (<see cref="PickleReducer"/>), and names outside
/// <see cref="PickleAllowList"/> end the reading with an error. Opcode semantics: CPython's <c>pickletools</c>; joblib's array payloads: <see cref="JoblibArrays"/>.
/// </summary>
internal sealed class PickleReader
{
    private readonly PickleCursor _cursor;
    private readonly PickleLimits _limits;
    private readonly PickleStack _stack;
    private readonly Dictionary<long, object?> _memo = [];
    private readonly int _nesting;

    private PickleReader(PickleCursor cursor, PickleLimits limits, PickleStack stack, int nesting)
    {
        _cursor = cursor;
        _limits = limits;
        _stack = stack;
        _nesting = nesting;
    }

    /// <summary>Reads the one value of <paramref name="data"/>; bytes behind it are an error, except for padding zeros.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>.</exception>
    public static object? Read(ReadOnlyMemory<byte> data, PickleLimits? limits = null)
    {
        limits ??= new PickleLimits();
        PickleCursor cursor = new(data);
        PickleReader reader = new(cursor, limits, new PickleStack(cursor, limits), 0);
        return reader.Run();
    }

    private object? Run()
    {
        while (true)
        {
            byte opcode = _cursor.ReadByte();
            if (opcode == Stop)
            {
                return _stack.Pop();
            }

            if (!TryScalar(opcode) && !TryContainer(opcode) && !TryMemo(opcode))
            {
                Structure(opcode);
            }
        }
    }

    private bool TryScalar(byte opcode)
    {
        switch (opcode)
        {
            case None: _stack.Push(null); return true;
            case NewTrue: _stack.Push(true); return true;
            case NewFalse: _stack.Push(false); return true;
            case BinInt: _stack.Push((long)_cursor.ReadInt32()); return true;
            case BinInt1: _stack.Push((long)_cursor.ReadByte()); return true;
            case BinInt2: _stack.Push((long)_cursor.ReadUInt16()); return true;
            case Long1: PushInteger(_cursor.Take(_cursor.ReadByte()).Span); return true;
            case Long4: PushInteger(_cursor.TakeSigned(_cursor.ReadInt32()).Span); return true;
            case BinFloat: _stack.Push(_cursor.ReadDoubleBigEndian()); return true;
            case Int: PushIntText(_cursor.ReadLine().Span); return true;
            case Long: PushLongText(_cursor.ReadLine().Span); return true;
            case PickleOpcode.Float: PushFloatText(_cursor.ReadLine().Span); return true;
            case PickleOpcode.String: PushQuoted(_cursor.ReadLine().Span); return true;
            case BinString: PushText(Encoding.Latin1.GetString(_cursor.TakeSigned(_cursor.ReadInt32()).Span)); return true;
            case ShortBinString: PushText(Encoding.Latin1.GetString(_cursor.Take(_cursor.ReadByte()).Span)); return true;
            case Unicode: PushText(PickleText.FromRawUnicodeEscape(_cursor.ReadLine().Span)); return true;
            case BinUnicode: PushUtf8(_cursor.ReadUInt32()); return true;
            case ShortBinUnicode: PushUtf8(_cursor.ReadByte()); return true;
            case BinUnicode8: PushUtf8(_cursor.ReadUInt64()); return true;
            case BinBytes: PushBytes(_cursor.Take(_cursor.ReadUInt32())); return true;
            case ShortBinBytes: PushBytes(_cursor.Take(_cursor.ReadByte())); return true;
            case BinBytes8 or ByteArray8: PushBytes(_cursor.Take(_cursor.ReadUInt64())); return true;
            default: return false;
        }
    }

    private bool TryContainer(byte opcode)
    {
        switch (opcode)
        {
            case EmptyTuple: _stack.Push(PickleTuple.Empty); return true;
            case EmptyList: _stack.Push(new PickleList(), 64); return true;
            case EmptyDict: _stack.Push(new PickleDict(), 200); return true;
            case EmptySet: _stack.Push(new PickleSet(), 64); return true;
            case Mark: _stack.PushMark(); return true;
            case Pop: _stack.Drop(); return true;
            case PopMark: _stack.PopToMark(); return true;
            case Dup: _stack.Push(_stack.Top); return true;
            case PickleOpcode.Tuple: PushTuple(_stack.PopToMark()); return true;
            case Tuple1: PushTuple([_stack.Pop()]); return true;
            case Tuple2: PushTuple(PopTwo()); return true;
            case Tuple3: PushTuple(PopThree()); return true;
            case PickleOpcode.List: PushList(_stack.PopToMark()); return true;
            case PickleOpcode.Dict: PushDict(_stack.PopToMark()); return true;
            case FrozenSet: PushSet(_stack.PopToMark()); return true;
            case Append: Extend([_stack.Pop()]); return true;
            case Appends: Extend(_stack.PopToMark()); return true;
            case SetItem: SetEntries(PopTwo()); return true;
            case SetItems: SetEntries(_stack.PopToMark()); return true;
            case AddItems: AddToSet(_stack.PopToMark()); return true;
            default: return false;
        }
    }

    private bool TryMemo(byte opcode)
    {
        switch (opcode)
        {
            case Put: Remember(NumberOf(_cursor.ReadLine().Span)); return true;
            case BinPut: Remember(_cursor.ReadByte()); return true;
            case LongBinPut: Remember(_cursor.ReadUInt32()); return true;
            case Memoize: Remember(_memo.Count); return true;
            case Get: Recall(NumberOf(_cursor.ReadLine().Span)); return true;
            case BinGet: Recall(_cursor.ReadByte()); return true;
            case LongBinGet: Recall(_cursor.ReadUInt32()); return true;
            default: return false;
        }
    }

    private void Structure(byte opcode)
    {
        switch (opcode)
        {
            case Proto:
                byte protocol = _cursor.ReadByte();
                if (protocol > 5)
                {
                    throw PickleException.At(_cursor.Position, $"protocol {protocol} is unknown, 0 to 5 are");
                }

                break;
            case Frame:
                _cursor.ReadUInt64(); // a hint for stream readers
                break;
            case ReadOnlyBuffer:
                break;
            case PickleOpcode.Global:
                PushGlobal(TextOf(_cursor.ReadLine().Span), TextOf(_cursor.ReadLine().Span));
                break;
            case StackGlobal:
                string name = _stack.Pop<string>("the name of a global");
                PushGlobal(_stack.Pop<string>("the module of a global"), name);
                break;
            case Reduce:
                PickleTuple arguments = _stack.Pop<PickleTuple>("a tuple of arguments");
                PushCall(_stack.Pop<PickleGlobal>("something to call"), arguments);
                break;
            case NewObj:
                arguments = _stack.Pop<PickleTuple>("a tuple of arguments");
                PushCall(_stack.Pop<PickleGlobal>("a class"), arguments);
                break;
            case NewObjEx:
                _stack.Pop<PickleDict>("a dict of keyword arguments");
                arguments = _stack.Pop<PickleTuple>("a tuple of arguments");
                PushCall(_stack.Pop<PickleGlobal>("a class"), arguments);
                break;
            case Inst:
                PickleGlobal type = Resolve(TextOf(_cursor.ReadLine().Span), TextOf(_cursor.ReadLine().Span));
                PushCall(type, new PickleTuple(_stack.PopToMark()));
                break;
            case Obj:
                object?[] items = _stack.PopToMark();
                PushCall(
                    items is [PickleGlobal first, ..] ? first : throw PickleException.At(_cursor.Position, "a class is expected"),
                    new PickleTuple(items[1..]));
                break;
            case Build:
                ApplyState(_stack.Pop());
                break;
            case PersId or BinPersId or Ext1 or Ext2 or Ext4 or NextBuffer:
                throw PickleException.At(_cursor.Position, "it refers to things outside the file (persistent ids, extensions or out-of-band buffers), which is not supported");
            default:
                throw PickleException.At(_cursor.Position - 1, $"0x{opcode:x2} is not an opcode");
        }
    }

    private void ApplyState(object? state)
    {
        switch (_stack.Top)
        {
            case NumpyDtype type when state is PickleTuple tuple:
                if (!type.TryApply(tuple))
                {
                    throw PickleException.At(_cursor.Position, "the state of a dtype is not understood");
                }

                break;

            case PickleObject { Type.FullName: JoblibArrays.WrapperName } wrapper:
                wrapper.Apply(state);
                _stack.ReplaceTop(JoblibArrays.ReadPayload(wrapper, _cursor, ReadNested));
                break;

            case PickleObject target when PickleReducer.IsArrayShell(target):
                target.State = state;
                object array = PickleReducer.ArrayOf(target, _cursor.Position);
                _stack.ReplaceTop(array);
                Repoint(target, array);
                break;

            case PickleObject target:
                target.Apply(state);
                break;

            default:
                throw PickleException.At(_cursor.Position, "state is given to something that has none");
        }
    }

    // An array is memoised before BUILD gives it its data; later references mean the array.
    private void Repoint(PickleObject shell, object array)
    {
        if (shell.MemoKey is { } key)
        {
            _memo[key] = array;
        }
    }

    private object? ReadNested()
    {
        if (_nesting >= _limits.MaxNesting)
        {
            throw PickleException.TooLarge($"pickles are nested more than {_limits.MaxNesting} deep");
        }

        return new PickleReader(_cursor, _limits, new PickleStack(_cursor, _limits), _nesting + 1).Run();
    }

    private void PushGlobal(string module, string name) => _stack.Push(Resolve(module, name), 120);

    private static PickleGlobal Resolve(string module, string name)
    {
        string modern = module switch
        {
            "__builtin__" => "builtins",
            "copy_reg" => "copyreg",
            _ => module,
        };
        PickleGlobal global = new(modern, name);
        return PickleAllowList.Allows(global) ? global : throw PickleException.Refused(global);
    }

    private void PushCall(PickleGlobal callable, PickleTuple arguments)
    {
        object? value = PickleReducer.Reduce(callable, arguments, _cursor.Position);
        _stack.Push(value, value is PickleObject ? 320 : 64);
    }

    private void PushUtf8(ulong length)
    {
        if (length <= (ulong)_cursor.Remaining)
        {
            _stack.Spend(((long)length * 2) + 24);
        }

        _stack.Push(_cursor.ReadText(length));
    }

    private void PushText(string text) => _stack.Push(text, (text.Length * 2L) + 40);

    private void PushBytes(ReadOnlyMemory<byte> bytes) => _stack.Push(new PickleBytes(bytes), 48);

    private void PushTuple(object?[] items) => _stack.Push(new PickleTuple(items), 48 + (8L * items.Length));

    private void PushList(object?[] items)
    {
        _stack.Push(new PickleList(), 64);
        Extend(items);
    }

    private void PushDict(object?[] items)
    {
        _stack.Push(new PickleDict(), 200);
        SetEntries(items);
    }

    private void PushSet(object?[] items)
    {
        _stack.Push(new PickleSet(), 64);
        AddToSet(items);
    }

    private object?[] PopTwo()
    {
        object? second = _stack.Pop();
        return [_stack.Pop(), second];
    }

    private object?[] PopThree()
    {
        object? third = _stack.Pop();
        object? second = _stack.Pop();
        return [_stack.Pop(), second, third];
    }

    private void Extend(object?[] items)
    {
        _stack.Spend(8L * items.Length);
        PickleList list = _stack.Top switch
        {
            PickleList plain => plain,
            PickleObject target => target.Items ??= new PickleList(),
            _ => throw PickleException.At(_cursor.Position, "items are appended to something that is not a list"),
        };
        list.Items.AddRange(items);
    }

    private void SetEntries(object?[] items)
    {
        if (items.Length % 2 != 0)
        {
            throw PickleException.At(_cursor.Position, "a key has no value");
        }

        _stack.Spend(40L * items.Length);
        PickleDict dict = _stack.Top switch
        {
            PickleDict plain => plain,
            PickleObject target => target.Entries ??= new PickleDict(),
            _ => throw PickleException.At(_cursor.Position, "entries are set in something that is not a dict"),
        };
        for (int i = 0; i < items.Length; i += 2)
        {
            dict.Set(items[i], items[i + 1]);
        }
    }

    private void AddToSet(object?[] items)
    {
        _stack.Spend(8L * items.Length);
        (_stack.Top as PickleSet ?? throw PickleException.At(_cursor.Position, "items are added to something that is not a set")).Items.AddRange(items);
    }

    private void Remember(long key)
    {
        _stack.Spend(48);
        object? value = _stack.Top;
        _memo[key] = value;
        if (value is PickleObject target && PickleReducer.IsArrayShell(target))
        {
            target.MemoKey = key;
        }
    }

    private void Recall(long key) => _stack.Push(
        _memo.TryGetValue(key, out object? value) ? value : throw PickleException.At(_cursor.Position, $"nothing was remembered as {key}"));

    private void PushInteger(ReadOnlySpan<byte> bytes)
    {
        CheckNumber(bytes.Length);
        BigInteger value = new(bytes);
        _stack.Push(value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value);
    }

    private void PushIntText(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("00"u8) || text.SequenceEqual("01"u8))
        {
            _stack.Push(text[1] == (byte)'1');
            return;
        }

        PushLongText(text);
    }

    private void PushLongText(ReadOnlySpan<byte> text)
    {
        CheckNumber(text.Length);
        ReadOnlySpan<byte> digits = text.EndsWith("L"u8) ? text[..^1] : text;
        if (!BigInteger.TryParse(Encoding.ASCII.GetString(digits), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value))
        {
            throw PickleException.At(_cursor.Position, "an integer is expected");
        }

        _stack.Push(value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value);
    }

    private void PushFloatText(ReadOnlySpan<byte> text)
    {
        CheckNumber(text.Length);
        string number = Encoding.ASCII.GetString(text);
        _stack.Push(number switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" => double.NaN,
            _ when double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) => value,
            _ => throw PickleException.At(_cursor.Position, "a number is expected"),
        });
    }

    private void PushQuoted(ReadOnlySpan<byte> text) => PushText(
        PickleText.FromQuoted(text) ?? throw PickleException.At(_cursor.Position, "a quoted string is expected"));

    private void CheckNumber(int length)
    {
        if (length > _limits.MaxNumberBytes)
        {
            throw PickleException.TooLarge($"a number of {length} bytes");
        }
    }

    private long NumberOf(ReadOnlySpan<byte> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw PickleException.At(_cursor.Position, "a memo number is expected");

    private string TextOf(ReadOnlySpan<byte> text)
    {
        _stack.Spend((text.Length * 2) + 24);
        return Encoding.UTF8.GetString(text);
    }
}
