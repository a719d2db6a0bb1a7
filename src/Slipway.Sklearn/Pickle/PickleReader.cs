using System.Globalization;
using System.Text;
using Slipway.Core;
using static Slipway.Sklearn.Pickle.PickleOpcode;

namespace Slipway.Sklearn.Pickle;

/// <summary>
/// Reads a pickle (protocols 0 to 5), or a joblib dump, as data. Nothing that the file names is imported, constructed or called: calls become
/// inert <see cref="PickleObject"/>s, a handful of NumPy and builtin forms become values (<see cref="PickleReducer"/>), and names outside
/// <see cref="PickleAllowList"/> end the reading with an error. Opcode semantics: CPython's <c>pickletools</c>; joblib's array payloads: <see cref="JoblibArrays"/>.
/// </summary>
internal sealed class PickleReader
{
    private const string OwnJoblib = "sklearn.externals.joblib.";

    private readonly PickleCursor _cursor;
    private readonly PickleLimits _limits;
    private readonly PickleStack _stack;
    private readonly PickleScalars _scalars;
    private readonly PickleContainers _containers;
    private readonly Dictionary<long, object?> _memo = [];
    private readonly int _nesting;

    private PickleReader(PickleCursor cursor, PickleLimits limits, PickleStack stack, int nesting)
    {
        _cursor = cursor;
        _limits = limits;
        _stack = stack;
        _scalars = new PickleScalars(cursor, limits, stack);
        _containers = new PickleContainers(cursor, stack);
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

            if (!_scalars.TryRead(opcode) && !_containers.TryRead(opcode) && !TryMemo(opcode))
            {
                Structure(opcode);
            }
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

            // Until 0.22 scikit-learn brought a joblib of its own.
            _ when module.StartsWith(OwnJoblib, StringComparison.Ordinal) => module[(OwnJoblib.Length - "joblib.".Length)..],
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

    private long NumberOf(ReadOnlySpan<byte> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw PickleException.At(_cursor.Position, "a memo number is expected");

    private string TextOf(ReadOnlySpan<byte> text)
    {
        _stack.Spend((text.Length * 2) + 24);
        return Encoding.UTF8.GetString(text);
    }
}
