using System.Collections.Frozen;

namespace Slipway.Sklearn.Pickle;

/// <summary>
/// Names that a model file may refer to. Everything else is refused by name before anything is made of it. Allowed names are not resolved
/// either: most become inert objects, the few below in <see cref="PickleReducer"/> become values.
/// </summary>
internal static class PickleAllowList
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "numpy.ndarray", "numpy.matrix", "numpy.memmap", "numpy.dtype", "numpy.generic",
        "_codecs.encode", "copyreg._reconstructor", "copyreg.__newobj__", "collections.OrderedDict", "collections.defaultdict", "collections.UserList",
        "builtins.slice", "builtins.range", "builtins.set", "builtins.frozenset", "builtins.complex", "builtins.bytes", "builtins.bytearray", "builtins.list",
        "builtins.dict", "builtins.tuple", "builtins.int", "builtins.float", "builtins.str", "builtins.bool", "builtins.type", "builtins.object",
        "functools.partial", "joblib.numpy_pickle.NumpyArrayWrapper", "joblib.numpy_pickle.NDArrayWrapper", "joblib.numpy_pickle.ZNDArrayWrapper",
        "scipy.special._ufuncs.expit", "scipy.special._ufuncs.logit", "scipy.special._ufuncs.log1p", "scipy.special._ufuncs.expm1", "scipy.special._ufuncs.exp2", "scipy.special._ufuncs.cbrt",
        "datetime.datetime", "datetime.timedelta", "datetime.date", "uuid.UUID", "decimal.Decimal",
    }.ToFrozenSet(StringComparer.Ordinal);

    // Whole packages whose objects are data here. Nothing of them is imported, so that the breadth costs nothing.
    private static readonly string[] Packages =
        ["sklearn.", "xgboost.", "lightgbm.", "catboost.", "imblearn.", "scipy.sparse", "scipy.stats._", "scipy.interpolate", "pandas.", "numpy.random."];

    private static readonly FrozenSet<string> NumpyModules = new[]
    {
        "numpy.core.multiarray", "numpy._core.multiarray", "numpy.core.numeric", "numpy._core.numeric", "numpy.core._multiarray_umath",
        "numpy._core._multiarray_umath", "numpy.ma.core", "numpy.dtypes",
    }.ToFrozenSet(StringComparer.Ordinal);

    // Inside allowed packages, but with the power to do things: there is no reason for a model to name them.
    private static readonly string[] RefusedParts = ["os", "sys", "subprocess", "builtins", "importlib", "eval", "exec", "system", "popen", "__import__", "load", "runstring"];

    /// <summary>Whether a model may refer to the name.</summary>
    public static bool Allows(PickleGlobal global)
    {
        if (Names.Contains(global.FullName))
        {
            return true;
        }

        if (global.Name.Contains('.', StringComparison.Ordinal) || RefusedParts.Contains(global.Name, StringComparer.Ordinal))
        {
            return false;
        }

        // numpy.float64, numpy.int32 …: scalar classes; the functions that do things are not among these names.
        if (global.Module == "numpy")
        {
            return NumpyScalarNames.Contains(global.Name);
        }

        return NumpyModules.Contains(global.Module) || Packages.Any(package => global.Module.StartsWith(package, StringComparison.Ordinal));
    }

    private static readonly FrozenSet<string> NumpyScalarNames = new[]
    {
        "float16", "float32", "float64", "longdouble", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "intc", "uintc", "intp", "uintp",
        "longlong", "ulonglong", "bool_", "bool", "str_", "bytes_", "object_", "number", "floating", "integer", "complex64", "complex128", "datetime64", "timedelta64",
        "log", "log1p", "log2", "log10", "exp", "expm1", "sqrt", "square", "cbrt", "abs", "absolute", "sign", "negative", "reciprocal", "sin", "cos", "tan", "tanh",
        "arcsinh", "sinh", "cosh", "floor", "ceil", "rint", "nan_to_num", "round_", "around", "round", "fix", "clip", "identity", "mean", "median", "sum", "max", "amax", "min", "amin",
    }.ToFrozenSet(StringComparer.Ordinal);
}
